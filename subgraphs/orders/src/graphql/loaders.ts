import type { Connection, PageRequest } from '@trellis/pagination';
import { batchWhileAwaited } from '@trellis/subgraph-server';
import DataLoader from 'dataloader';
import type { OrderFilter, OrderStore } from '../application/order-store.ts';
import type { CustomerId, OrderId } from '../domain/ids.ts';
import type { Order, OrderItem, OrderStep } from '../domain/order.ts';

/** One page of one customer's orders. */
export interface CustomerPage {
  readonly customerId: CustomerId;
  readonly page: PageRequest;
  readonly filter: OrderFilter;
}

/** Reads that a list fans out to, gathered into one query each. */
export interface Loaders {
  readonly order: DataLoader<OrderId, Order | undefined>;
  readonly items: DataLoader<OrderId, readonly OrderItem[]>;
  readonly timeline: DataLoader<OrderId, readonly OrderStep[]>;
  readonly customerOrders: DataLoader<CustomerPage, Connection<Order>>;
}

/**
 * They gather and do not remember: a subscription's context lives as long as its stream, and what it was told at the start would be told
 * again with every change.
 */
const gatherOnly = { cache: false } as const;

/** @param signal of the request: what nobody waits for is not read. */
export function createLoaders(orders: OrderStore, signal: AbortSignal): Loaders {
  const gathering = <K, V>(batch: (keys: readonly K[]) => Promise<V[]>) =>
    new DataLoader(batchWhileAwaited(signal, batch), gatherOnly);
  return {
    order: gathering(async (ids) => {
      const found = new Map((await orders.findMany(unique(ids))).map((order) => [order.id, order]));
      return ids.map((id) => found.get(id));
    }),
    items: gathering(async (ids) => {
      const found = await orders.items(unique(ids));
      return ids.map((id) => found.get(id) ?? []);
    }),
    timeline: gathering(async (ids) => {
      const found = await orders.timelines(unique(ids));
      return ids.map((id) => found.get(id) ?? []);
    }),
    customerOrders: gathering((pages) => loadPages(orders, pages)),
  };
}

/** One query for all customers of whom the same page is asked, which one field of a list always does. */
async function loadPages(orders: OrderStore, wanted: readonly CustomerPage[]): Promise<Connection<Order>[]> {
  const pageKey = ({ page, filter }: CustomerPage): string => JSON.stringify([page, filter]);
  const reads = new Map<string, ReturnType<OrderStore['listByCustomers']>>();
  for (const { page, filter, ...one } of wanted) {
    const key = pageKey({ page, filter, ...one });
    if (reads.has(key)) continue;
    const customers = wanted.filter((other) => pageKey(other) === key).map(({ customerId }) => customerId);
    reads.set(key, orders.listByCustomers(unique(customers), page, filter));
  }
  return Promise.all(
    wanted.map(async (one) => {
      const connection = (await reads.get(pageKey(one)))?.get(one.customerId);
      if (connection === undefined) throw new Error('a customer that was asked for is not in the answer');
      return connection;
    }),
  );
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
