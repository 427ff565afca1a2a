import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { Logger } from '@trellis/lifecycle';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import type { Database, DatabaseOptions, Queryable } from './database.ts';
import { lockDirectory } from './directory-lock.ts';
import { migrationSteps } from './migration-steps.ts';
import { createTransactions } from './transactions.ts';
import { withTypedErrors } from './typed-errors.ts';

/**
 * Opens an embedded database in a directory and applies its migrations. It survives a killed process; it does not call `fsync`, so a power
 * cut may lose the last moments.
 * @throws DirectoryInUseError when another process has the directory; NotADatabaseError when something else is in it.
 */
export async function createPgliteDatabase(options: DatabaseOptions, logger: Logger): Promise<Database> {
  const directory = resolve(options.directory);
  mkdirSync(dirname(directory), { recursive: true });
  const unlock = lockDirectory(directory);
  try {
    const client = await openDirectory(directory);
    const orm = drizzle(client);
    await migrate(drizzle(client, { logger: migrationSteps }), { migrationsFolder: options.migrations });
    return {
      query: withTypedErrors(orm),
      transaction: createTransactions(
        (work) => orm.transaction((tx) => work(tx as unknown as Queryable)),
        logger,
      ),
      async listen(channel, onNotify) {
        const stop = await client.listen(channel, onNotify);
        return { stop: () => stop() };
      },
      async ping() {
        await client.query('select 1');
      },
      async stop() {
        await client.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The directory holds something that is not an embedded database of ours. */
export class NotADatabaseError extends Error {
  override readonly name = 'NotADatabaseError';
}

async function openDirectory(directory: string): Promise<PGlite> {
  // Stands beside the directory while it is being filled: a first start that is killed leaves it, and half a database without any data.
  const filling = `${directory}.filling`;
  if (existsSync(filling)) rmSync(directory, { recursive: true, force: true });
  if (existsSync(join(directory, 'PG_VERSION'))) return PGlite.create({ dataDir: directory });
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    throw new NotADatabaseError(
      `the data directory ${directory} holds other files: name an empty or a new one`,
    );
  }
  writeFileSync(filling, '');
  const client = await createClient(directory);
  rmSync(filling);
  return client;
}

/** A database as `initdb` leaves it, made once a process: filling a directory from it takes a fifth of the time. */
let emptyDatabase: Promise<Blob> | undefined;

async function createClient(directory: string): Promise<PGlite> {
  emptyDatabase ??= makeEmptyDatabase();
  return PGlite.create({ dataDir: directory, loadDataDir: await emptyDatabase });
}

async function makeEmptyDatabase(): Promise<Blob> {
  const template = await PGlite.create({ dataDir: 'memory://' });
  const blob = await template.dumpDataDir('none');
  await template.close();
  return blob;
}
