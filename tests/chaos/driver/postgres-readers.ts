import pg from 'pg';
import type { DatabaseName, SqlReader } from '../invariants/reading.ts';

/** Opens PostgreSQL databases to be read. */
export async function openReaders(
  names: readonly DatabaseName[],
  urlOf: (name: string) => string,
): Promise<{ readonly databases: Record<DatabaseName, SqlReader>; close(): Promise<void> }> {
  const clients = names.map((name) => ({ name, client: new pg.Client({ connectionString: urlOf(name) }) }));
  await Promise.all(clients.map(({ client }) => client.connect()));
  const databases = Object.fromEntries(
    clients.map(({ name, client }): [DatabaseName, SqlReader] => [
      name,
      { query: async (text) => (await client.query<Record<string, unknown>>(text)).rows },
    ]),
  ) as Record<DatabaseName, SqlReader>;
  return {
    databases,
    async close() {
      await Promise.all(clients.map(({ client }) => client.end()));
    },
  };
}
