import type { Database } from '@trellis/database';
import { and, asc, eq, gt, max } from 'drizzle-orm';
import type { OrderHistory } from '../application/order-store.ts';
import type { Order } from '../domain/order.ts';
import { toOrder, toStep } from './order-rows.ts';
import { orderEvents, orders } from './schema.ts';

/** How many steps a page of a customer's history has at the most. */
const pageSize = 100;

/** What happened to orders, on PostgreSQL or PGlite. */
export function createPostgresOrderHistory({ query }: Database): OrderHistory {
  return {
    async stepsOfOrder(id, sequence) {
      const rows = await query
        .select()
        .from(orderEvents)
        .innerJoin(orders, eq(orders.id, orderEvents.orderId))
        .where(and(eq(orderEvents.orderId, id), gt(orderEvents.sequence, sequence)))
        .orderBy(asc(orderEvents.sequence));
      return rows.map(asItStood);
    },
    async stepsOfCustomer(id, position) {
      const rows = await query
        .select()
        .from(orderEvents)
        .innerJoin(orders, eq(orders.id, orderEvents.orderId))
        .where(and(eq(orderEvents.customerId, id), gt(orderEvents.position, position)))
        .orderBy(asc(orderEvents.position))
        .limit(pageSize);
      return {
        steps: rows.map(asItStood),
        position: rows.at(-1)?.order_events.position ?? position,
        more: rows.length === pageSize,
      };
    },
    async lastPosition(id) {
      const [row] = await query
        .select({ position: max(orderEvents.position) })
        .from(orderEvents)
        .where(eq(orderEvents.customerId, id));
      return row?.position ?? 0;
    },
  };
}

/** The order with one of its steps as the last. */
function asItStood(row: {
  readonly orders: typeof orders.$inferSelect;
  readonly order_events: typeof orderEvents.$inferSelect;
}): Order {
  return { ...toOrder(row.orders), lastStep: toStep(row.order_events) };
}
