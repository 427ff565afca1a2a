import { DrizzleQueryError } from 'drizzle-orm';
import { sqlState } from './sql-errors.ts';

/**
 * The database did not answer: it cannot be reached, its connection was lost, or every connection was busy for too long; or its disk is full. To
 * be tried again later. A transaction that fails so has written nothing, unless its commit was under way: then nobody knows.
 */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}

/**
 * The database refused a statement. Holds its text and why, and none of its values: they are e-mail addresses and password hashes, and errors are
 * logged.
 */
export class StatementFailedError extends Error {
  override readonly name = 'StatementFailedError';
  /** SQLSTATE (PostgreSQL manual, appendix A); absent when the statement failed before it reached the database. */
  readonly code: string | undefined;
  /** The constraint that it violates. */
  readonly constraint: string | undefined;
  constructor(sql: string, cause: unknown) {
    const code = sqlState(cause);
    super(`the statement failed (${code ?? nameOf(cause)}): ${sql}`);
    this.code = code;
    this.constraint = (cause as { readonly constraint?: string } | undefined)?.constraint;
  }
}

/** Turns what the driver or the query builder threw into one of the errors above; leaves everything else as it is. */
export function asTypedError(error: unknown): unknown {
  const isOfStatement = error instanceof DrizzleQueryError;
  const cause = isOfStatement ? error.cause : error;
  const loss = reasonOfLoss(cause);
  if (sqlState(cause) === diskFull)
    return new DatabaseUnavailableError(`the disk of the database is full: ${messageOf(cause)}`);
  if (loss !== undefined) return new DatabaseUnavailableError(`the database does not answer: ${loss}`);
  return isOfStatement ? new StatementFailedError(error.query, cause) : error;
}

/** Nothing is wrong with the statement, and it can be had again when there is room. */
const diskFull = '53100';

/** Connection exceptions, a login that is refused, no such database, too many connections, and a server that is shut down or starts. */
const lossStates = /^(08...|28...|3D000|53300|57P..)$/;
/** System calls that failed on the way. */
const lossCodes = /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
/** What pg and its pool throw without any code. */
const lossMessages =
  /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Query read timeout)/;

function reasonOfLoss(error: unknown): string | undefined {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  const text = typeof message === 'string' ? message : '';
  // A name with several addresses fails with an error that has no message of its own.
  if (typeof code === 'string' && (lossStates.test(code) || lossCodes.test(code))) return text || code;
  return lossMessages.test(text) ? text : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
