import { createEvent, type CloudEvent } from '@trellis/event-contracts';
import { randomUUID } from 'node:crypto';

/** A StockReserved event about an order of its own. */
export function stockReserved(orderId: string = randomUUID()): CloudEvent<'products.stock-reserved.v1'> {
  return createEvent({
    type: 'products.stock-reserved.v1',
    id: randomUUID(),
    subject: orderId,
    time: new Date(),
    data: { orderId },
  });
}

/** An OrderCancelled event about an order of its own. */
export function orderCancelled(orderId: string = randomUUID()): CloudEvent<'orders.order-cancelled.v1'> {
  return createEvent({
    type: 'orders.order-cancelled.v1',
    id: randomUUID(),
    subject: orderId,
    time: new Date(),
    data: { orderId, customerId: randomUUID(), sequence: 2, total: { amount: 4999, currency: 'EUR' } },
  });
}
