import { failpoint } from '@trellis/failpoints';
import { after, expire } from '../domain/change-order.ts';
import type { OrderStore } from './order-store.ts';

/** Small enough that those who want one of these orders do not wait long. */
const batchSize = 50;

/**
 * Ends the pending orders whose deadline has passed. Every replica may run it at any time: each order is taken by one of them.
 * @returns how many orders expired.
 */
export async function expireOrders({
  orders,
  now,
}: {
  readonly orders: OrderStore;
  readonly now: () => Date;
}): Promise<number> {
  let expired = 0;
  for (;;) {
    const at = now();
    const taken = await orders.transaction(async (tx) => {
      const overdue = await tx.lockOverdue(at, batchSize);
      for (const { order, cause } of overdue) {
        const step = expire(order, at);
        if (step !== undefined) await tx.record(after(order, step), cause);
        failpoint('orders.expiring');
      }
      return overdue.length;
    });
    failpoint('orders.expired', taken > 0 ? 'some' : 'none');
    expired += taken;
    if (taken < batchSize) return expired;
  }
}
