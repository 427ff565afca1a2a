import { randomUUID } from 'node:crypto';
import { createEvent, type CloudEvent, type EventType } from '@trellis/event-contracts';
import type { Product } from '../../../subgraphs/products/src/domain/product.ts';
import type { OrderLine } from '../../../subgraphs/products/src/domain/reservation.ts';

/** A line of an order for a product, at its price. */
export function line(product: Product, quantity: number): OrderLine {
  return { productId: product.id, quantity, unitPrice: product.price };
}

/** The event of an order that somebody placed. */
export function orderPlaced(
  orderId: string,
  lines: readonly OrderLine[],
  origin: { correlationId?: string } = {},
): CloudEvent {
  return createEvent({
    type: 'orders.order-placed.v1',
    id: randomUUID(),
    subject: orderId,
    time: new Date(),
    ...origin,
    data: {
      orderId,
      customerId: randomUUID(),
      sequence: 1,
      total: { amount: 0, currency: 'USD' },
      lines: lines.map(({ unitPrice, ...rest }) => ({ ...rest, unitPrice: { ...unitPrice } })),
      expiresAt: new Date(Date.now() + 900_000).toISOString(),
    },
  });
}

/** The event of an order that will not be delivered. */
export function orderEnded(
  type: Extract<EventType, 'orders.order-cancelled.v1' | 'orders.order-expired.v1'>,
  orderId: string,
): CloudEvent {
  return createEvent({
    type,
    id: randomUUID(),
    subject: orderId,
    time: new Date(),
    data: { orderId, customerId: randomUUID(), sequence: 2, total: { amount: 0, currency: 'USD' } },
  });
}

/** What those of the events that tell of stock say. */
export function stockChanges(events: readonly CloudEvent[]): unknown[] {
  return events.filter(({ type }) => type === 'products.stock-changed.v1').map(({ data }) => data);
}
