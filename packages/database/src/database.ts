import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

/** Runs queries: the database itself or a transaction on it. */
export type Queryable = PgDatabase<PgQueryResultHKT>;

/**
 * One service's database, whatever stands behind it: PostgreSQL, or PGlite (PostgreSQL compiled to WebAssembly, in this
 * process). Everything above this port is written once for both.
 */
export interface Database {
  /**
   * Runs single statements, each a transaction of its own. Statements fail with StatementFailedError, here and in a transaction, and with
   * DatabaseUnavailableError where the database does not answer.
   */
  readonly query: Queryable;
  /**
   * Runs `work` in one transaction: all of it or nothing. A deadlock or a serialization failure runs it again (up to five
   * times), so `work` may do nothing that the database cannot undo. Inside, use only the handle that is passed in: on PGlite, with its
   * single connection, {@link Database.query} would wait for the transaction that waits for it.
   * @param commits whether to keep what was written, given the result; without it, always. Either way the result is returned.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>, commits?: (result: T) => boolean): Promise<T>;
  /**
   * Calls back for every `pg_notify` on a channel, after the commit of the transaction that sent it. Called with null after the
   * connection was lost and is back: something may have been missed, so look for yourself.
   */
  listen(channel: string, onNotify: (payload: string | null) => void): Promise<{ stop(): Promise<void> }>;
  /** @throws when the database does not answer. */
  ping(): Promise<void>;
  stop(): Promise<void>;
}

/** How a service opens its database. */
export interface DatabaseOptions {
  /** The service's name; PostgreSQL shows it as the application name. */
  readonly service: string;
  /** `postgres://…`; absent: embedded. */
  readonly url?: string | undefined;
  /** Where the embedded database lives; made when it is not there. */
  readonly directory: string;
  /** The folder of SQL migrations, applied before this resolves. */
  readonly migrations: string;
  /** Connections at the most (PostgreSQL only). Default 10. */
  readonly poolSize?: number;
  /** How long a statement waits for a connection, in milliseconds (PostgreSQL only). Default 5 s: less than a gateway waits for a subgraph. */
  readonly connectTimeoutMs?: number;
}
