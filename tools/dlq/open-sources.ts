import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DirectoryInUseError, openDatabase, type Database } from '@trellis/database';
import { createLogger } from '@trellis/lifecycle';
import { openDeadLetterQueues } from '@trellis/messaging';
import { dropDeadLetters, listDeadLetters, replayDeadLetters } from '@trellis/outbox';
import { openControl } from '../../platform/src/control/control-client.ts';
import type { DatabasePlace, InstallationPlace } from '../doctor/settings.ts';
import { brokerSource, tableSource, type LetterSource, type LetterTable } from './letter-source.ts';

type ServiceName = 'orders' | 'products' | 'users';

const services: readonly ServiceName[] = ['orders', 'products', 'users'];
const logger = createLogger('dlq', 'silent');

/**
 * Opens whatever keeps dead letters.
 * @param onSkipped is told what is not there.
 * @throws Error when one of them cannot be opened; nothing is left open then.
 */
export async function openSources(
  place: InstallationPlace,
  onSkipped: (sentence: string) => void,
): Promise<readonly LetterSource[]> {
  const opened: LetterSource[] = [];
  try {
    for (const service of services) {
      // An operator of the broker may have no way to the databases.
      if (place.broker !== undefined && !isThere(place[service])) {
        onSkipped(`${service}: not looked at, for there is no database in ${directoryOf(place[service])}`);
        continue;
      }
      opened.push(tableSource(service, await openTable(service, place[service])));
    }
    if (place.broker !== undefined) {
      const { url, prefix } = place.broker;
      const queues = await openDeadLetterQueues({ url, queuePrefix: prefix, logger }).catch(
        (error: unknown) => {
          throw new Error(`AMQP_URL: ${error instanceof Error ? error.message : String(error)}`, {
            cause: error,
          });
        },
      );
      opened.push(brokerSource(queues));
    }
    return opened;
  } catch (error) {
    for (const source of opened) await source.stop();
    throw error;
  }
}

function isThere(place: DatabasePlace): boolean {
  return place.kind === 'PostgreSQL' || existsSync(join(place.directory, 'PG_VERSION'));
}

function directoryOf(place: DatabasePlace): string {
  return place.kind === 'PostgreSQL' ? place.setting : place.directory;
}

async function openTable(service: ServiceName, place: DatabasePlace): Promise<LetterTable> {
  try {
    if (place.kind === 'PostgreSQL')
      return ofDatabase(await open(service, { url: place.url, directory: '' }));
    if (!isThere(place)) {
      throw new Error(`there is no database in ${place.directory}; start the platform there once`);
    }
    try {
      return ofDatabase(await open(service, { directory: place.directory }));
    } catch (error) {
      // A platform has it, and works on it for us.
      if (!(error instanceof DirectoryInUseError) || place.platform === undefined) throw error;
      return await ofPlatform(service, place.platform);
    }
  } catch (error) {
    throw new Error(`${place.setting}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function open(
  service: ServiceName,
  where: { readonly url?: string; readonly directory: string },
): Promise<Database> {
  const migrations = fileURLToPath(new URL(`../../subgraphs/${service}/migrations`, import.meta.url));
  return openDatabase({ service: `${service}-dlq`, migrations, poolSize: 1, ...where }, logger);
}

function ofDatabase(database: Database): LetterTable {
  return {
    list: (options) => listDeadLetters(database, options),
    replay: (keys) => replayDeadLetters(database, keys),
    drop: (keys) => dropDeadLetters(database, keys),
    stop: () => database.stop(),
  };
}

async function ofPlatform(service: ServiceName, directory: string): Promise<LetterTable> {
  const control = await openControl(directory);
  return {
    list: (options) => control.listDeadLetters(service, options),
    replay: (keys) => control.replayDeadLetters(service, keys),
    drop: (keys) => control.dropDeadLetters(service, keys),
    stop: async () => undefined,
  };
}
