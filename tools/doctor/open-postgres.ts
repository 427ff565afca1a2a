import pg from 'pg';
import { readingBy, UnreadableError, type OpenedDatabase } from './opened.ts';

/** Opens a PostgreSQL database to be read, and for nothing else. @throws UnreadableError when it does not answer. */
export async function openPostgres(setting: string, url: string): Promise<OpenedDatabase> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'trellis-doctor',
    connectionTimeoutMillis: 5_000,
    // Whole tables are read, perhaps of millions of rows.
    statement_timeout: 120_000,
    query_timeout: 125_000,
  });
  client.on('error', () => undefined); // the query under way rejects with it
  try {
    await client.connect();
    await client.query('set default_transaction_read_only = on');
  } catch (error) {
    await client.end().catch(() => undefined);
    const { message, code } = error as NodeJS.ErrnoException;
    throw new UnreadableError(`${setting}: the database does not answer: ${message || code}`, {
      cause: error,
    });
  }
  const { hostname, port, pathname } = new URL(url);
  return {
    where: `PostgreSQL, ${hostname}${port && `:${port}`}${pathname}`,
    isInUse: true,
    reader: readingBy(setting, async (text) => (await client.query<Record<string, unknown>>(text)).rows),
    close: () => client.end(),
  };
}
