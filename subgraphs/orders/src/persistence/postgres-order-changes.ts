import type { Database } from '@trellis/database';
import type { Stoppable } from '@trellis/lifecycle';
import type { OrderChanges } from '../application/order-store.ts';

/** The channel on which a commit tells of an order it changed: `<order id> <customer id>`. */
export const orderChangedChannel = 'order_changed';

/**
 * Hears of changes from every replica through one `LISTEN`, and wakes those here that follow the order or the customer.
 * `watching` is how many do.
 */
export async function listenForOrderChanges(
  database: Database,
): Promise<OrderChanges & Stoppable & { watching(): number }> {
  const watchers = new Map<string, Set<() => void>>();

  function wakeAll(subject: string): void {
    for (const wake of watchers.get(subject) ?? []) wake();
  }

  const listening = await database.listen(orderChangedChannel, (payload) => {
    // Null: the connection was lost meanwhile, and anything may have happened.
    for (const subject of payload === null ? watchers.keys() : payload.split(' ')) wakeAll(subject);
  });

  return {
    watch(subject, wake) {
      const key = 'orderId' in subject ? subject.orderId : subject.customerId;
      const own = (): void => wake(); // the same function may be handed in twice, and each is its own watcher
      const known = watchers.get(key) ?? new Set();
      watchers.set(key, known.add(own));
      return () => {
        known.delete(own);
        if (known.size === 0 && watchers.get(key) === known) watchers.delete(key);
      };
    },
    watching: () => [...watchers.values()].reduce((sum, { size }) => sum + size, 0),
    stop: () => listening.stop(),
  };
}
