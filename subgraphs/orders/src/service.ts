import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { openDatabase, type Database } from '@trellis/database';
import type { Stoppable } from '@trellis/lifecycle';
import { startSubgraph, type SubgraphParts } from '@trellis/subgraph-server';
import { cancelOrder } from './application/cancel-order.ts';
import { expireOrders } from './application/expire-orders.ts';
import { startExpirySweeper } from './application/expiry-sweeper.ts';
import { createOrderFollower } from './application/follow-orders.ts';
import type { OrderStore } from './application/order-store.ts';
import { placeOrder } from './application/place-order.ts';
import type { OrderId } from './domain/ids.ts';
import { subgraphName, type OrdersSettings } from './env.ts';
import type { GraphQLContext, OrderServices } from './graphql/context.ts';
import { createLoaders } from './graphql/loaders.ts';
import { createSchema } from './graphql/schema.ts';
import { createProductConsumers } from './messaging/product-consumers.ts';
import { createStockConsumers } from './messaging/stock-consumers.ts';
import { createPostgresCatalogue, keepCatalogueEntry } from './persistence/postgres-catalogue.ts';
import { listenForOrderChanges } from './persistence/postgres-order-changes.ts';
import { createPostgresOrderHistory } from './persistence/postgres-order-history.ts';
import { createStorage } from './storage.ts';

const migrations = fileURLToPath(new URL('../migrations', import.meta.url));

/** The longest that the sweeper sleeps; shorter where orders expire sooner. */
const maxSweepSleepMs = 30_000;

export interface OrdersServiceOptions extends SubgraphParts {
  readonly settings: OrdersSettings;
}

/** The orders subgraph at work. */
export interface OrdersService extends Stoppable {
  /** The server's origin. */
  readonly url: string;
  /** For tools beside the service, in the same process. */
  readonly database: Database;
  /** How many subscriptions are open. */
  followers(): number;
}

/**
 * Starts the orders subgraph: its database with every migration applied, its part in the order saga, the sweeper of overdue orders, and its
 * server.
 * @throws when one of them cannot start; nothing is left running then.
 */
export async function startOrdersService(options: OrdersServiceOptions): Promise<OrdersService> {
  const { settings, logger } = options;
  const { url, stop, subgraph } = await startSubgraph({
    ...options,
    name: subgraphName,
    port: settings.ORDERS_PORT,
    host: settings.ORDERS_HOST,
    async assemble(running) {
      const database = running.add(
        await openDatabase(
          {
            service: subgraphName,
            url: settings.ORDERS_DATABASE_URL,
            directory: settings.ORDERS_DATA_DIRECTORY,
            migrations,
          },
          logger,
        ),
      );
      const { orders, ordersIn } = createStorage(database);
      const history = createPostgresOrderHistory(database);
      const changes = running.add(await listenForOrderChanges(database));
      const follower = createOrderFollower({ orders, history, changes, logger });
      const services = { orders, follower, ...createUseCases(database, orders, settings) };
      running.add(
        startExpirySweeper({
          sweep: () => expireOrders({ orders, now }),
          nextDeadline: () => orders.nextDeadline(),
          now,
          maxSleepMs: Math.min(maxSweepSleepMs, settings.ORDERS_PENDING_SECONDS * 1_000),
          logger,
        }),
      );
      return {
        database,
        changes,
        schema: createSchema(),
        createContext: (request): GraphQLContext => ({
          ...request,
          services,
          loaders: createLoaders(orders, request.signal),
        }),
        consumers: [
          ...createProductConsumers({ database, keep: keepCatalogueEntry }),
          ...createStockConsumers({ database, ordersIn, now }),
        ],
      };
    },
  });
  return { url, stop, database: subgraph.database, followers: () => subgraph.changes.watching() };
}

function createUseCases(
  database: Database,
  orders: OrderStore,
  settings: OrdersSettings,
): Pick<OrderServices, 'placeOrder' | 'cancelOrder'> {
  const placing = {
    orders,
    catalogue: createPostgresCatalogue(database),
    now,
    newOrderId: () => randomUUID() as string as OrderId,
    pendingSeconds: settings.ORDERS_PENDING_SECONDS,
  };
  return {
    placeOrder: (viewer, input, cause) => placeOrder(placing, viewer, input, cause),
    cancelOrder: (viewer, id, cause) => cancelOrder({ orders, now }, viewer, id, cause),
  };
}

function now(): Date {
  return new Date();
}
