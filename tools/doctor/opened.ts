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

/** Makes a reader whose failures name the setting that leads to its database. */
export function readingBy(setting: string, query: SqlReader['query']): SqlReader {
  return {
    query: (text) =>
      query(text).catch((error: unknown) => {
        throw unreadable(setting, error);
      }),
  };
}

/** Says what opening or reading failed of. */
export function unreadable(setting: string, error: unknown): UnreadableError {
  const { code, message } = error as { readonly code?: string; readonly message: string };
  // The states of a table and of a column that are not there; the platform names the state in its sentence.
  const isOtherVersion = ['42P01', '42703'].some((state) => code === state || message.includes(`(${state})`));
  const advice = isOtherVersion
    ? '; start the service of this version once, which brings its tables up to date'
    : '';
  return new UnreadableError(`${setting}: the database cannot be read: ${message || code}${advice}`, {
    cause: error,
  });
}
