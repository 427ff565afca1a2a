import { randomUUID } from 'node:crypto';
import { createEvent, type Cause, type CloudEvent } from '@trellis/event-contracts';
import type { Order, OrderItem } from '../domain/order.ts';

/**
 * The event that tells the other services of an order's last step.
 * @param items what was ordered; told with the first step only.
 */
export function createOrderEvent(order: Order, items: readonly OrderItem[], cause: Cause): CloudEvent {
  const { lastStep } = order;
  const { state } = lastStep;
  const envelope = {
    id: randomUUID(),
    subject: order.id,
    time: lastStep.occurredAt,
    correlationId: cause.correlationId,
    traceparent: cause.traceparent,
  };
  const data = {
    orderId: order.id,
    customerId: order.customerId,
    sequence: lastStep.sequence,
    total: order.total,
  };
  switch (state.status) {
    case 'PENDING':
      return createEvent({
        ...envelope,
        type: 'orders.order-placed.v1',
        data: {
          ...data,
          lines: items.map(({ productId, quantity, unitPrice }) => ({ productId, quantity, unitPrice })),
          expiresAt: order.expiresAt.toISOString(),
        },
      });
    case 'CONFIRMED':
      return createEvent({ ...envelope, type: 'orders.order-confirmed.v1', data });
    case 'REJECTED':
      return createEvent({
        ...envelope,
        type: 'orders.order-rejected.v1',
        data: { ...data, reason: state.reason },
      });
    case 'CANCELLED':
      return createEvent({ ...envelope, type: 'orders.order-cancelled.v1', data });
    case 'EXPIRED':
      return createEvent({ ...envelope, type: 'orders.order-expired.v1', data });
  }
}
