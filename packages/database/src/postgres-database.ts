import type { Logger } from '@trellis/lifecycle';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import type { Database, DatabaseOptions, Queryable } from './database.ts';
import { asTypedError, DatabaseUnavailableError } from './errors.ts';
import { migrationSteps } from './migration-steps.ts';
import { createPostgresListener } from './postgres-listener.ts';
import { createTransactions } from './transactions.ts';
import { withTypedErrors } from './typed-errors.ts';

/** Any number that every replica agrees on: whoever holds the lock migrates, the others wait and find it done. */
const migrationLock = 7_236_501;

/**
 * Opens a PostgreSQL database and applies its migrations.
 * @throws DatabaseUnavailableError when it cannot be reached, StatementFailedError when a migration fails.
 */
export async function createPostgresDatabase(
  options: DatabaseOptions & { readonly url: string },
  logger: Logger,
): Promise<Database> {
  const connection: pg.ClientConfig = {
    connectionString: options.url,
    application_name: `trellis-${options.service}`,
    // Also how long a query waits for a connection of the pool while it is busy.
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    keepAlive: true,
  };
  await applyMigrations(connection, options.migrations);
  const pool = new pg.Pool({
    ...connection,
    max: options.poolSize ?? 10,
    idleTimeoutMillis: 30_000,
    // The server gives up first; the client's own limit is for a server that is frozen and can give up nothing.
    statement_timeout: 10_000,
    query_timeout: 15_000,
    idle_in_transaction_session_timeout: 15_000,
  });
  // Without a listener, an idle connection that the server closes ends the process.
  // The error itself carries the whole client, its password included.
  pool.on('error', ({ message }) => logger.warn({ reason: message }, 'an idle database connection was lost'));
  // The pool listens for idle connections only: one that is lost inside a transaction would end the process as well. The query that
  // is under way on it rejects, so there is nothing else to tell.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const orm = drizzle(pool);
  const listener = createPostgresListener(connection, logger);
  return {
    query: withTypedErrors(orm),
    transaction: createTransactions((work) => runOnOneConnection(pool, work), logger),
    listen: (channel, onNotify) => listener.listen(channel, onNotify),
    async ping() {
      await pool.query('select 1');
    },
    async stop() {
      await listener.stop();
      await pool.end();
    },
  };
}

/**
 * Runs a transaction on a connection of the pool, and gives the connection back whatever happens. The query builder's own way with a pool keeps
 * one that is lost while the transaction is begun, and a database that is restarted under load would leave nothing in the pool. A
 * connection that does not answer is closed: whoever got it next would wait for the same answer.
 */
async function runOnOneConnection<T>(pool: pg.Pool, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isLost = false;
  try {
    return await drizzle(client).transaction((tx) => work(tx as unknown as Queryable));
  } catch (error) {
    isLost = asTypedError(error) instanceof DatabaseUnavailableError;
    throw error;
  } finally {
    client.release(isLost);
  }
}

async function applyMigrations(connection: pg.ClientConfig, folder: string): Promise<void> {
  const client = new pg.Client(connection);
  client.on('error', () => undefined); // the query under way rejects with it
  try {
    await client.connect();
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await migrate(drizzle(client, { logger: migrationSteps }), { migrationsFolder: folder });
  } catch (error) {
    throw asTypedError(error);
  } finally {
    await client.end(); // and with it the lock
  }
}
