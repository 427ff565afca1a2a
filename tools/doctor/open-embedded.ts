import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { DirectoryInUseError, lockDirectory } from '@trellis/database';
import { NothingRunsError, openControl, type Control } from '../../platform/src/control/control-client.ts';
import { ControlUnsupportedError } from '../../platform/src/control/control-path.ts';
import { readingBy, unreadable, UnreadableError, type OpenedDatabase } from './opened.ts';
import type { DatabasePlace } from './settings.ts';

type EmbeddedPlace = Extract<DatabasePlace, { readonly kind: 'embedded' }>;

/**
 * Opens an embedded database: through the platform that has it, or, where that is stopped, by itself; it cannot be started meanwhile.
 * @throws UnreadableError when there is none, or it belongs to a process that does not let us look.
 */
export async function openEmbedded(
  name: 'orders' | 'products' | 'users',
  place: EmbeddedPlace,
): Promise<OpenedDatabase> {
  const { setting, directory } = place;
  if (!existsSync(join(directory, 'PG_VERSION')) || existsSync(`${directory}.filling`)) {
    throw new UnreadableError(
      `${setting}: there is no database in ${directory}; start the platform there once`,
    );
  }
  let unlock: () => void;
  try {
    unlock = lockDirectory(directory);
  } catch (error) {
    if (!(error instanceof DirectoryInUseError)) throw error;
    return openRunning(name, place, error);
  }
  try {
    return await openStopped(place, unlock);
  } catch (error) {
    unlock();
    throw unreadable(setting, error);
  }
}

async function openStopped(
  { setting, directory }: EmbeddedPlace,
  unlock: () => void,
): Promise<OpenedDatabase> {
  const client = await PGlite.create({ dataDir: directory });
  await client.query('set default_transaction_read_only = on');
  return {
    where: `embedded, ${directory} (stopped)`,
    isInUse: false,
    reader: readingBy(setting, async (text) => (await client.query<Record<string, unknown>>(text)).rows),
    async close() {
      await client.close();
      unlock();
    },
  };
}

async function openRunning(
  name: 'orders' | 'products' | 'users',
  { setting, directory, platform }: EmbeddedPlace,
  inUse: DirectoryInUseError,
): Promise<OpenedDatabase> {
  const refused = new UnreadableError(`${setting}: ${inUse.message}`, { cause: inUse });
  if (platform === undefined) throw refused;
  let control: Control;
  try {
    control = await openControl(platform);
  } catch (error) {
    if (error instanceof NothingRunsError) throw refused;
    if (error instanceof ControlUnsupportedError) throw new UnreadableError(`${setting}: ${error.message}`);
    throw unreadable(setting, error);
  }
  return {
    where: `embedded, ${directory} (running)`,
    isInUse: true,
    reader: readingBy(setting, (text) => control.query(name, text)),
    close: async () => undefined,
  };
}
