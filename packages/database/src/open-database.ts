import type { Logger } from '@trellis/lifecycle';
import type { Database, DatabaseOptions } from './database.ts';
import { createPgliteDatabase } from './pglite-database.ts';
import { createPostgresDatabase } from './postgres-database.ts';

/**
 * Opens a service's database, PostgreSQL when there is a URL and embedded when there is none, with every migration applied.
 * @throws DatabaseUnavailableError when it cannot be reached, DirectoryInUseError when its directory belongs to another process,
 *   NotADatabaseError when something else is in it.
 */
export function openDatabase(options: DatabaseOptions, logger: Logger): Promise<Database> {
  const { url } = options;
  return url === undefined
    ? createPgliteDatabase(options, logger)
    : createPostgresDatabase({ ...options, url }, logger);
}
