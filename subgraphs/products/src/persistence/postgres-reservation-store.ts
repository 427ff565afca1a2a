import { rowsOf, type Queryable } from '@trellis/database';
import { asc, eq, sql } from 'drizzle-orm';
import type { ReservationStore } from '../application/unit-of-work.ts';
import { reservationLines, reservations } from './schema.ts';

/** The reservations within a transaction. */
export function createPostgresReservationStore(tx: Queryable): ReservationStore {
  return {
    async add({ orderId, state, reason, lines }, now) {
      // One statement. Waits for a transaction that is adding the same order, and then finds it there: of two, one adds.
      const added = await tx.execute(sql`
        with added as (
          insert into ${reservations} (order_id, state, reason, created_at, updated_at)
          values (${orderId}, ${state}, ${reason}, ${now.toISOString()}, ${now.toISOString()})
          on conflict do nothing
          returning order_id
        ),
        held as (
          insert into ${reservationLines} (order_id, product_id, quantity)
          select added.order_id, line."productId", line.quantity
          from added, jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line ("productId" uuid, quantity int)
        )
        select order_id from added`);
      return rowsOf(added).length === 1;
    },
    async lock(orderId) {
      const [row] = await tx
        .select({ state: reservations.state })
        .from(reservations)
        .where(eq(reservations.orderId, orderId))
        .for('update');
      if (row === undefined) return undefined;
      const lines = await tx
        .select({ productId: reservationLines.productId, quantity: reservationLines.quantity })
        .from(reservationLines)
        .where(eq(reservationLines.orderId, orderId))
        .orderBy(asc(reservationLines.productId));
      return { orderId, state: row.state, lines };
    },
    async markReleased(orderId, reason, now) {
      await tx
        .update(reservations)
        .set({ state: 'RELEASED', reason, updatedAt: now })
        .where(eq(reservations.orderId, orderId));
    },
  };
}
