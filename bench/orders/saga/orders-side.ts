import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { openDatabase, type Database } from '@trellis/database';
import type { Logger, Stoppable } from '@trellis/lifecycle';
import type { EventSubscription, MessageBus } from '@trellis/messaging';
import { startOutboxRelay } from '@trellis/outbox';
import { sql } from 'drizzle-orm';
import { placeOrder } from '../../../subgraphs/orders/src/application/place-order.ts';
import type { CustomerId, OrderId } from '../../../subgraphs/orders/src/domain/ids.ts';
import { createProductConsumers } from '../../../subgraphs/orders/src/messaging/product-consumers.ts';
import { createStockConsumers } from '../../../subgraphs/orders/src/messaging/stock-consumers.ts';
import {
  createPostgresCatalogue,
  keepCatalogueEntry,
} from '../../../subgraphs/orders/src/persistence/postgres-catalogue.ts';
import { orders as orderTable } from '../../../subgraphs/orders/src/persistence/schema.ts';
import { createStorage } from '../../../subgraphs/orders/src/storage.ts';
import type { Place } from './place.ts';

const migrations = fileURLToPath(new URL('../../../subgraphs/orders/migrations', import.meta.url));

/** What orders do in the saga, put together as the service does it, without its server. */
export interface OrdersSide extends Stoppable {
  /** Waits until these products are in the catalogue, and orders them from then on. */
  knowProducts(ids: readonly string[]): Promise<void>;
  place(): Promise<OrderId>;
  /** Resolves when the order is confirmed and that is committed. */
  placeAndWait(): Promise<void>;
  statuses(): Promise<Readonly<Record<string, number>>>;
}

/** As many customers as there are orders under way at the most, so that none waits for another order of their own. */
const customers = Array.from({ length: 1_000 }, () => randomUUID() as string as CustomerId);

export async function openOrders(place: Place, bus: MessageBus, logger: Logger): Promise<OrdersSide> {
  const database = await openDatabase({ service: 'orders', ...place, migrations }, logger);
  const { orders, ordersIn } = createStorage(database);
  const now = () => new Date();
  const dependencies = {
    orders,
    catalogue: createPostgresCatalogue(database),
    now,
    newOrderId: () => randomUUID() as string as OrderId,
    pendingSeconds: 86_400,
  };
  const settlements = createSettlements();
  await bus.subscribe([
    ...createProductConsumers({ database, keep: keepCatalogueEntry }),
    ...createStockConsumers({ database, ordersIn, now }).map(settlements.watch),
  ]);
  const relay = await startOutboxRelay({ database, publisher: bus, logger });
  let products: readonly string[] = [];
  let placed = 0;

  async function placeOne(): Promise<OrderId> {
    const number = placed++;
    const viewer = { customerId: customers[number % customers.length]!, role: 'customer' } as const;
    const productId = products[number % products.length]!;
    const input = { idempotencyKey: randomUUID(), lines: [{ productId, quantity: 1 }] };
    const result = await placeOrder(dependencies, viewer, input, {});
    if (!result.ok) throw new Error(result.errors.map(({ message }) => message).join('; '));
    return result.value.id;
  }

  return {
    async knowProducts(ids) {
      const wanted = ids as readonly Parameters<typeof dependencies.catalogue.entries>[0][number][];
      while ((await dependencies.catalogue.entries(wanted)).size < ids.length)
        await new Promise((resolve) => setTimeout(resolve, 20));
      products = ids;
    },
    place: placeOne,
    async placeAndWait() {
      await settlements.of(await placeOne());
    },
    statuses: () => countStatuses(database),
    async stop() {
      await relay.stop();
      await database.stop();
    },
  };
}

/** Hears of settled orders where the settlement has just been committed: no query is added to what is measured. */
function createSettlements() {
  const early = new Set<string>();
  const waiting = new Map<string, () => void>();
  return {
    watch: (subscription: EventSubscription): EventSubscription => ({
      ...subscription,
      async handle(event) {
        const outcome = await subscription.handle(event);
        if (outcome.kind === 'ack') {
          const { orderId } = event.data as { readonly orderId: string };
          const tell = waiting.get(orderId);
          if (tell === undefined) early.add(orderId);
          else tell();
        }
        return outcome;
      },
    }),
    of: (orderId: string): Promise<void> =>
      new Promise((resolve) => {
        if (early.delete(orderId)) return resolve();
        waiting.set(orderId, () => {
          waiting.delete(orderId);
          resolve();
        });
      }),
  };
}

async function countStatuses(database: Database): Promise<Readonly<Record<string, number>>> {
  const rows = await database.query
    .select({ status: orderTable.status, count: sql<number>`count(*)::int` })
    .from(orderTable)
    .groupBy(orderTable.status);
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}
