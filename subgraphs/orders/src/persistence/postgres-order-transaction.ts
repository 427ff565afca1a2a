import type { Queryable } from '@trellis/database';
import type { Cause } from '@trellis/event-contracts';
import { and, asc, eq, lte, sql } from 'drizzle-orm';
import type { OrderTransaction } from '../application/order-store.ts';
import type { CustomerId } from '../domain/ids.ts';
import { reasonOf, type Order } from '../domain/order.ts';
import { changeOf, type OrdersEvent } from '../domain/orders-event.ts';
import { orderChangedChannel } from './postgres-order-changes.ts';
import { toItem, toOrder } from './order-rows.ts';
import { orderEvents, orderItems, orders } from './schema.ts';

/**
 * The orders inside a transaction on PostgreSQL or PGlite.
 * @param publish tells others, if and only if the transaction commits.
 */
export function createPostgresOrderTransaction(
  tx: Queryable,
  publish: (event: OrdersEvent, cause: Cause) => Promise<void>,
): OrderTransaction {
  return {
    async insert(order, mark, cause) {
      // Waits for a rival with the same key: when it commits, nothing is inserted here.
      const inserted = await tx
        .insert(orders)
        .values({
          id: order.id,
          customerId: order.customerId,
          ...stateColumns(order),
          totalAmount: order.total.amount,
          totalCurrency: order.total.currency,
          ...mark,
          correlationId: cause.correlationId,
          traceparent: cause.traceparent,
          expiresAt: order.expiresAt,
          createdAt: order.placedAt,
        })
        .onConflictDoNothing({ target: [orders.customerId, orders.idempotencyKey] })
        .returning({ id: orders.id });
      if (inserted.length === 0) return false;
      await tx.insert(orderItems).values(
        order.items.map(({ productId, name, quantity, unitPrice }, position) => ({
          orderId: order.id,
          position,
          productId,
          name,
          quantity,
          unitAmount: unitPrice.amount,
          currency: unitPrice.currency,
        })),
      );
      await recordStep(tx, order);
      await publish({ kind: 'OrderPlaced', order }, cause);
      return true;
    },
    async lock(id) {
      const [row] = await tx.select().from(orders).where(eq(orders.id, id)).for('update');
      return row === undefined ? undefined : toOrder(row);
    },
    async lockOverdue(now, limit) {
      const rows = await tx
        .select()
        .from(orders)
        .where(and(eq(orders.status, 'PENDING'), lte(orders.expiresAt, now)))
        .orderBy(asc(orders.expiresAt))
        .limit(limit)
        .for('update', { skipLocked: true });
      // By customer: two sweepers that take the customers' locks (see `recordStep`) in one order never wait for each other.
      rows.sort((a, b) => (a.customerId < b.customerId ? -1 : 1));
      return rows.map((row) => ({
        order: toOrder(row),
        cause: { correlationId: row.correlationId ?? undefined, traceparent: row.traceparent ?? undefined },
      }));
    },
    async items(id) {
      const rows = await tx
        .select()
        .from(orderItems)
        .where(eq(orderItems.orderId, id))
        .orderBy(asc(orderItems.position));
      return rows.map(toItem);
    },
    async record(order, cause) {
      await tx.update(orders).set(stateColumns(order)).where(eq(orders.id, order.id));
      await recordStep(tx, order);
      await publish(changeOf(order), cause);
    },
  };
}

function stateColumns({ lastStep }: Order) {
  return {
    status: lastStep.state.status,
    rejectionReason: reasonOf(lastStep.state),
    sequence: lastStep.sequence,
    updatedAt: lastStep.occurredAt,
  };
}

/** Writes an order's last step into its timeline, and whom it concerns learns of it when the transaction commits. */
async function recordStep(tx: Queryable, order: Order): Promise<void> {
  // An identity column counts when a row is written, not when it commits: without the lock, a step could appear behind a reader that
  // has seen a later position, and would never be told. So the steps of one customer are written one transaction after another.
  await tx.execute(sql`select pg_advisory_xact_lock(${customerLock(order.customerId)})`);
  await tx.insert(orderEvents).values({
    orderId: order.id,
    sequence: order.lastStep.sequence,
    status: order.lastStep.state.status,
    reason: reasonOf(order.lastStep.state),
    occurredAt: order.lastStep.occurredAt,
    customerId: order.customerId,
  });
  await tx.execute(sql`select pg_notify(${orderChangedChannel}, ${`${order.id} ${order.customerId}`})`);
}

/** The first 64 bits of the id, so that the locks are ordered as the ids are. Two customers that share them wait for each other, no more. */
function customerLock(id: CustomerId): string {
  return BigInt.asIntN(64, BigInt(`0x${id.replaceAll('-', '').slice(0, 16)}`)).toString();
}
