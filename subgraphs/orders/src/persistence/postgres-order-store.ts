import type { Database, Queryable } from '@trellis/database';
import { keysetQuery, toConnection, type Keyset, type PageRequest } from '@trellis/pagination';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { OrderFilter, OrderStore, OrderTransaction } from '../application/order-store.ts';
import type { CustomerId, OrderId } from '../domain/ids.ts';
import type { Order, OrderItem, OrderStep } from '../domain/order.ts';
import { toItem, toOrder, toStep } from './order-rows.ts';
import { orderEvents, orderItems, orders } from './schema.ts';

/**
 * Orders on PostgreSQL or PGlite.
 * @param ordersIn the orders inside a transaction.
 */
export function createPostgresOrderStore(
  database: Database,
  ordersIn: (tx: Queryable) => OrderTransaction,
): OrderStore {
  const { query } = database;
  return {
    transaction: (work) => database.transaction((tx) => work(ordersIn(tx))),
    async findMany(ids) {
      const rows = await query
        .select()
        .from(orders)
        .where(inArray(orders.id, [...ids]));
      return rows.map(toOrder);
    },
    async findByKey(customerId, idempotencyKey) {
      const [row] = await query
        .select()
        .from(orders)
        .where(and(eq(orders.customerId, customerId), eq(orders.idempotencyKey, idempotencyKey)));
      return row === undefined ? undefined : { order: toOrder(row), inputHash: row.inputHash };
    },
    async list(page, filter) {
      const { where, orderBy, limit } = pageQuery(page, filter);
      const rows = await query
        .select()
        .from(orders)
        .where(where)
        .orderBy(...orderBy)
        .limit(limit);
      return toConnection(rows.map(toOrder), page, placeOf);
    },
    async listByCustomers(customerIds, page, filter) {
      const { where, orderBy, limit } = pageQuery(page, filter);
      const wanted = sql`unnest(${sql.param([...new Set(customerIds)])}::uuid[]) as wanted(customer_id)`;
      const ownPage = query
        .select()
        .from(orders)
        .where(and(sql`${orders.customerId} = wanted.customer_id`, where))
        .orderBy(...orderBy)
        .limit(limit)
        .as('own_page');
      const rows = await query.select().from(wanted).crossJoinLateral(ownPage);
      const own = grouped<CustomerId, Order>(rows.map(({ own_page: row }) => [row.customerId, toOrder(row)]));
      return new Map(customerIds.map((id) => [id, toConnection(own.get(id) ?? [], page, placeOf)]));
    },
    async items(ids) {
      const rows = await query
        .select()
        .from(orderItems)
        .where(inArray(orderItems.orderId, [...ids]))
        .orderBy(asc(orderItems.orderId), asc(orderItems.position));
      return grouped<OrderId, OrderItem>(rows.map((row) => [row.orderId, toItem(row)]));
    },
    async timelines(ids) {
      const rows = await query
        .select()
        .from(orderEvents)
        .where(inArray(orderEvents.orderId, [...ids]))
        .orderBy(asc(orderEvents.orderId), asc(orderEvents.sequence));
      return grouped<OrderId, OrderStep>(rows.map((row) => [row.orderId, toStep(row)]));
    },
    async nextDeadline() {
      const [row] = await query
        .select({ expiresAt: orders.expiresAt })
        .from(orders)
        .where(eq(orders.status, 'PENDING'))
        .orderBy(asc(orders.expiresAt))
        .limit(1);
      return row?.expiresAt;
    },
  };
}

const newestFirst: Keyset = [
  { column: orders.createdAt, order: 'desc', kind: 'timestamp' },
  { column: orders.id, order: 'desc', kind: 'uuid' },
];

function pageQuery(page: PageRequest, { status }: OrderFilter) {
  const { where, orderBy, limit } = keysetQuery(newestFirst, page);
  return { where: and(where, status === undefined ? undefined : eq(orders.status, status)), orderBy, limit };
}

function placeOf(order: Order): [Date, string] {
  return [order.placedAt, order.id];
}

/** Rows by their key, in the order they came. */
function grouped<K, V>(entries: readonly (readonly [K, V])[]): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const [key, value] of entries) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
