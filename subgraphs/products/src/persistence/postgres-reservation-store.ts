import type { Queryable } from '@trellis/database';
import { asc, eq } from 'drizzle-orm';
import type { ReservationStore } from '../application/unit-of-work.ts';
import { reservationLines, reservations } from './schema.ts';

/** The reservations within a transaction. */
export function createPostgresReservationStore(tx: Queryable): ReservationStore {
  return {
    async add({ orderId, state, reason, lines }, now) {
      // Waits for a transaction that is adding the same order, and then finds it there: of two, one adds.
      const added = await tx
        .insert(reservations)
        .values({ orderId, state, reason, createdAt: now, updatedAt: now })
        .onConflictDoNothing()
        .returning({ orderId: reservations.orderId });
      if (added.length === 0) return false;
      if (lines.length > 0) {
        await tx.insert(reservationLines).values(lines.map((line) => ({ orderId, ...line })));
      }
      return true;
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
