import type { Database } from '@trellis/database';
import { startPeriodicTask, type Stoppable } from '@trellis/lifecycle';
import { startSubgraph, type SubgraphParts } from '@trellis/subgraph-server';
import {
  seedAccounts,
  type AccountSeed,
  type AccountToOpen,
  type SeededAccount,
} from './application/seed-accounts.ts';
import { subgraphName, type UsersSettings } from './env.ts';
import { createContext } from './graphql/context.ts';
import { createSchema } from './graphql/schema.ts';
import { createOrderConsumers } from './messaging/order-consumers.ts';
import { openServices } from './open-services.ts';
import { recordOrderStanding } from './persistence/postgres-order-summary-store.ts';
import { keySetRoute } from './tokens/key-set-route.ts';

/** Far more often than a key's lead time, so that every replica knows a new key before it signs. */
const keyRefreshMs = 60_000;
const sessionRetentionMs = 3_600_000;

export interface UsersServiceOptions extends SubgraphParts {
  readonly settings: UsersSettings;
  readonly now?: () => Date;
}

/** The users subgraph at work. */
export interface UsersService extends Stoppable {
  /** The server's origin. */
  readonly url: string;
  /** For tools beside the service, in the same process. */
  readonly database: Database;
  /** See {@link seedAccounts}. */
  seedAccounts(
    seeds: readonly AccountSeed[],
    show: (accounts: readonly AccountToOpen[]) => void,
  ): Promise<SeededAccount[]>;
}

/**
 * Starts the users subgraph: its database with every migration applied, its signing keys, its part in the event traffic, and its server.
 * @throws when one of them cannot start; nothing is left running then.
 */
export async function startUsersService(options: UsersServiceOptions): Promise<UsersService> {
  const { settings, now, logger } = options;
  const { url, stop, subgraph } = await startSubgraph({
    ...options,
    name: subgraphName,
    port: settings.USERS_PORT,
    host: settings.USERS_HOST,
    async assemble(running) {
      const { services, database, keyRing } = running.add(await openServices(settings, logger, now));
      running.add(startPeriodicTask('signing keys', keyRefreshMs, () => keyRing.refresh(), logger));
      running.add(
        startPeriodicTask(
          'session retention',
          sessionRetentionMs,
          () => services.sessions.deleteExpired(services.now()),
          logger,
        ),
      );
      return {
        database,
        services,
        schema: createSchema(),
        createContext: (request) => createContext(request, services),
        consumers: createOrderConsumers({ database, record: recordOrderStanding }),
        publicRoutes: keySetRoute(keyRing),
      };
    },
  });
  const { database, services } = subgraph;
  return { url, stop, database, seedAccounts: (seeds, show) => seedAccounts(services, seeds, show) };
}
