import { createEvent, type Cause, type CloudEvent } from '@trellis/event-contracts';
import type { OrdersEvent } from '../domain/orders-event.ts';

const changeTypes = {
  OrderConfirmed: 'orders.order-confirmed.v1',
  OrderCancelled: 'orders.order-cancelled.v1',
  OrderExpired: 'orders.order-expired.v1',
} as const;

/** Puts what happened into the form in which it leaves the service. */
export function toCloudEvent(event: OrdersEvent, cause: Cause & { readonly id: string }): CloudEvent {
  const { id: orderId, customerId, total, lastStep } = event.order;
  const envelope = { ...cause, subject: orderId, time: lastStep.occurredAt };
  const data = { orderId, customerId, sequence: lastStep.sequence, total };
  switch (event.kind) {
    case 'OrderPlaced': {
      const { items, expiresAt } = event.order;
      return createEvent({
        ...envelope,
        type: 'orders.order-placed.v1',
        data: {
          ...data,
          lines: items.map(({ productId, quantity, unitPrice }) => ({ productId, quantity, unitPrice })),
          expiresAt: expiresAt.toISOString(),
        },
      });
    }
    case 'OrderConfirmed':
    case 'OrderCancelled':
    case 'OrderExpired':
      return createEvent({ ...envelope, type: changeTypes[event.kind], data });
    case 'OrderRejected':
      return createEvent({
        ...envelope,
        type: 'orders.order-rejected.v1',
        data: { ...data, reason: event.reason },
      });
  }
}
