import { rowsOf, type Queryable } from '@trellis/database';
import type { Cause } from '@trellis/event-contracts';
import { and, asc, eq, lte, sql, type SQL } from 'drizzle-orm';
import type { OrderTransaction } from '../application/order-store.ts';
import type { CustomerId } from '../domain/ids.ts';
import { reasonOf, type Order, type PlacedOrder } from '../domain/order.ts';
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
      // One statement. Waits for a rival with the same key: when it commits, nothing is inserted here.
      const inserted = await tx.execute(sql`
        with changed as (
          insert into ${orders} (id, customer_id, status, rejection_reason, sequence, total_amount, total_currency,
            idempotency_key, input_hash, correlation_id, traceparent, expires_at, created_at, updated_at)
          values (${order.id}, ${order.customerId}, ${order.lastStep.state.status}, ${reasonOf(order.lastStep.state)},
            ${order.lastStep.sequence}, ${order.total.amount}, ${order.total.currency}, ${mark.idempotencyKey},
            ${mark.inputHash}, ${cause.correlationId ?? null}, ${cause.traceparent ?? null},
            ${order.expiresAt.toISOString()}, ${order.placedAt.toISOString()}, ${order.lastStep.occurredAt.toISOString()})
          on conflict (customer_id, idempotency_key) do nothing
          returning id
        ),
        items as (
          insert into ${orderItems} (order_id, position, product_id, name, quantity, unit_amount, currency)
          select changed.id, item.position, item.product_id, item.name, item.quantity, item.unit_amount, item.currency
          from changed, jsonb_to_recordset(${itemRows(order)}::jsonb) as item
            (position int, product_id uuid, name text, quantity int, unit_amount int, currency text)
        ),
        ${recordStep(order)}`);
      if (rowsOf(inserted).length === 0) return false;
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
      const { sequence, state, occurredAt } = order.lastStep;
      await tx.execute(sql`
        with changed as (
          update ${orders}
          set status = ${state.status}, rejection_reason = ${reasonOf(state)}, sequence = ${sequence},
            updated_at = ${occurredAt.toISOString()}
          where id = ${order.id}
          returning id
        ),
        ${recordStep(order)}`);
      await publish(changeOf(order), cause);
    },
  };
}

/**
 * Writes the last step of the order in "changed" into its timeline, and whom it concerns learns of it when the transaction commits: the
 * end of a statement, which answers with a row where there was an order to write it for.
 */
function recordStep({ id, customerId, lastStep: { sequence, state, occurredAt } }: Order): SQL {
  // An identity column counts when a row is written, not when it commits: without the lock, a step could appear behind a reader that
  // has seen a later position, and would never be told. So the steps of one customer are written one transaction after another.
  // Materialized: the lock is held before the row that it gives is counted.
  return sql`
    customer as materialized (select pg_advisory_xact_lock(${customerLock(customerId)}) from changed),
    step as (
      insert into ${orderEvents} (order_id, sequence, status, reason, occurred_at, customer_id)
      select ${id}::uuid, ${sequence}::int, ${state.status}, ${reasonOf(state)}, ${occurredAt.toISOString()}::timestamptz,
        ${customerId}::uuid
      from customer
      returning sequence
    )
    select pg_notify(${orderChangedChannel}, ${`${id} ${customerId}`}) from step`;
}

/** The lines of an order as one value. */
function itemRows({ items }: PlacedOrder): string {
  return JSON.stringify(
    items.map(({ productId, name, quantity, unitPrice }, position) => ({
      position,
      product_id: productId,
      name,
      quantity,
      unit_amount: unitPrice.amount,
      currency: unitPrice.currency,
    })),
  );
}

/** The first 64 bits of the id, so that the locks are ordered as the ids are. Two customers that share them wait for each other, no more. */
function customerLock(id: CustomerId): string {
  return BigInt.asIntN(64, BigInt(`0x${id.replaceAll('-', '').slice(0, 16)}`)).toString();
}
