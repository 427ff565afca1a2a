import type { SqlReader } from '../../tests/chaos/invariants.ts';

/** A part of an installation cannot be read. The message is a sentence that names the setting which leads there. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

/** A database that is open to be read. */
export interface OpenedDatabase {
  readonly reader: SqlReader;
  /** Where it is, without a password. */
  readonly where: string;
  /** Whether its service may be at work beside us. */
  readonly isInUse: boolean;
  close(): Promise<void>;
}

/** Says what a statement failed of: most often, of tables that are older than this program. */
export function unreadable(setting: string, error: unknown): UnreadableError {
  const { code, message } = error as { readonly code?: string; readonly message: string };
  const isOtherVersion = code === '42P01' || code === '42703';
  const advice = isOtherVersion
    ? '; start the service of this version once, which brings its tables up to date'
    : '';
  return new UnreadableError(`${setting}: the database cannot be read: ${message || code}${advice}`, {
    cause: error,
  });
}
