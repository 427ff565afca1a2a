import type { Logger } from '@trellis/lifecycle';
import { readId } from '@trellis/validation';
import type { OrderId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { hasEnded } from '../domain/order-status.ts';
import { maySee, type Viewer } from '../domain/viewer.ts';
import { openChangeStream } from './change-stream.ts';
import type { OrderChanges, OrderHistory, OrderStore } from './order-store.ts';
import { shareReads } from './shared-read.ts';

/** Follows orders as they change: each step once, in order, whichever replica took it. */
export interface OrderFollower {
  /**
   * The order as it stands, then as it stood after each further step, until it has ended (a confirmed order has not: it can be cancelled).
   * @param afterSequence the last step that the viewer knows, where they do: then the steps behind it instead, those of the past first.
   * @returns undefined when there is no such order for this viewer.
   */
  followOrder(
    viewer: Viewer,
    id: string,
    afterSequence?: number,
  ): Promise<AsyncIterableIterator<Order, void> | undefined>;
  /** Each of the viewer's own orders as it stood after each step from now on. */
  followMine(viewer: Viewer): Promise<AsyncIterableIterator<Order, void>>;
}

/**
 * A wake-up only says that there is something to read; what is said to a follower comes from the history, behind the last step that
 * it was told. So nothing is missed or told twice, even when a wake-up is late, doubled, or replaced by a general "look again".
 */
export function createOrderFollower(dependencies: {
  readonly orders: Pick<OrderStore, 'findMany'>;
  readonly history: OrderHistory;
  readonly changes: OrderChanges;
  readonly logger: Logger;
}): OrderFollower {
  const { orders, history, changes, logger } = dependencies;
  const stepsOfOrder = shareReads(history.stepsOfOrder);
  const stepsOfCustomer = shareReads(history.stepsOfCustomer);
  const onFailure = (error: unknown): void =>
    logger.warn({ err: error }, 'the history of orders could not be read for a subscriber; trying again');

  return {
    async followOrder(viewer, id, afterSequence) {
      const orderId = readId<OrderId>(id);
      const [order] = orderId === undefined ? [] : await orders.findMany([orderId]);
      if (order === undefined || !maySee(viewer, order)) return undefined;
      const { sequence, state } = order.lastStep;
      // One back from how the order stands, so that this is what is told first.
      // Never ahead of it: who claims to know of a step that has not happened would not even be told of the end.
      let told = Math.min(afterSequence ?? sequence - 1, sequence);
      if (hasEnded(state.status) && told === sequence) return endedStream();
      return openChangeStream({
        watch: (wake) => changes.watch({ orderId: order.id }, wake),
        async readNew() {
          const items = await stepsOfOrder(order.id, told);
          told = items.at(-1)?.lastStep.sequence ?? told;
          return { items, more: false };
        },
        isLast: (step) => hasEnded(step.lastStep.state.status),
        onFailure,
      });
    },
    async followMine({ customerId }) {
      let told = await history.lastPosition(customerId);
      return openChangeStream({
        watch: (wake) => changes.watch({ customerId }, wake),
        async readNew() {
          const { steps, position, more } = await stepsOfCustomer(customerId, told);
          told = position;
          return { items: steps, more };
        },
        isLast: () => false,
        onFailure,
      });
    },
  };
}

/** For a viewer who knows all that will ever have happened. */
async function* endedStream(): AsyncGenerator<never, void> {}
