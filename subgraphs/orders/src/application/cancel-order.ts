import type { Cause } from '@trellis/event-contracts';
import { failpoint } from '@trellis/failpoints';
import { failure, readId, success, type Result } from '@trellis/validation';
import { after, cancel } from '../domain/change-order.ts';
import type { OrderId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import type { OrderError } from '../domain/errors.ts';
import { maySee, type Viewer } from '../domain/viewer.ts';
import type { OrderStore } from './order-store.ts';

/** Takes an order back; its stock is released afterwards, by whoever hears that it was cancelled. */
export async function cancelOrder(
  { orders, now }: { readonly orders: OrderStore; readonly now: () => Date },
  viewer: Viewer,
  id: string,
  cause: Cause,
): Promise<Result<Order, OrderError>> {
  const orderId = readId<OrderId>(id);
  if (orderId === undefined) return failure(unknownOrder);
  const result = await orders.transaction<Result<Order, OrderError>>(async (tx) => {
    const order = await tx.lock(orderId);
    if (order === undefined || !maySee(viewer, order)) return failure(unknownOrder);
    const decision = cancel(order, now());
    switch (decision.kind) {
      case 'already-cancelled':
        return success(order);
      case 'not-cancellable':
        return failure<OrderError>({
          code: 'NOT_CANCELLABLE',
          message: `The order is ${order.lastStep.state.status.toLowerCase()} and cannot be cancelled.`,
          field: ['id'],
        });
      case 'cancel': {
        const cancelled = after(order, decision.step);
        await tx.record(cancelled, cause);
        return success(cancelled);
      }
    }
  });
  failpoint('orders.cancelled');
  return result;
}

const unknownOrder: OrderError = {
  code: 'NOT_FOUND',
  message: 'There is no order with this id.',
  field: ['id'],
};
