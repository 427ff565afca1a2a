import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { DirectoryInUseError, lockDirectory } from '@trellis/database';
import { unreadable, UnreadableError, type OpenedDatabase } from './opened.ts';

/**
 * Opens the embedded database of a platform that is stopped, and keeps it from being started meanwhile.
 * @throws UnreadableError when there is none, or another process has it.
 */
export async function openEmbedded(setting: string, directory: string): Promise<OpenedDatabase> {
  if (!existsSync(join(directory, 'PG_VERSION')) || existsSync(`${directory}.filling`)) {
    throw new UnreadableError(
      `${setting}: there is no database in ${directory}; start the platform there once`,
    );
  }
  const unlock = lock(setting, directory);
  let client: PGlite;
  try {
    client = await PGlite.create({ dataDir: directory });
    await client.query('set default_transaction_read_only = on');
  } catch (error) {
    unlock();
    throw unreadable(setting, error);
  }
  return {
    where: `embedded, ${directory} (stopped)`,
    isInUse: false,
    reader: {
      async query(text) {
        try {
          return (await client.query<Record<string, unknown>>(text)).rows;
        } catch (error) {
          throw unreadable(setting, error);
        }
      },
    },
    async close() {
      await client.close();
      unlock();
    },
  };
}

function lock(setting: string, directory: string): () => void {
  try {
    return lockDirectory(directory);
  } catch (error) {
    if (!(error instanceof DirectoryInUseError)) throw error;
    throw new UnreadableError(`${setting}: ${error.message}`, { cause: error });
  }
}
