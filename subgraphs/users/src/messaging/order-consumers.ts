import type { Database, Queryable } from '@trellis/database';
import type { CloudEvent } from '@trellis/event-contracts';
import type { EventSubscription } from '@trellis/messaging';
import { consumeOnce } from '@trellis/outbox';
import type { OrderStanding } from '../domain/order-summary.ts';

const statusOf = {
  'orders.order-confirmed.v1': 'CONFIRMED',
  'orders.order-cancelled.v1': 'CANCELLED',
} as const satisfies Partial<Record<CloudEvent['type'], OrderStanding['status']>>;

type OrderEventType = keyof typeof statusOf;

export interface OrderConsumersOptions {
  readonly database: Database;
  /** Notes where an order stands, in the transaction that remembers the event. */
  readonly record: (tx: Queryable, standing: OrderStanding) => Promise<void>;
}

/** Keeps every user's order summary up to date. */
export function createOrderConsumers({ database, record }: OrderConsumersOptions): EventSubscription[] {
  return (Object.keys(statusOf) as OrderEventType[]).map((eventType) =>
    consumeOnce({
      database,
      consumer: 'users',
      eventType,
      async handle(tx, { type, data }: CloudEvent<OrderEventType>) {
        const { orderId, customerId, sequence, total } = data;
        await record(tx, { orderId, customerId, sequence, total, status: statusOf[type] });
        return { kind: 'ack' };
      },
    }),
  );
}
