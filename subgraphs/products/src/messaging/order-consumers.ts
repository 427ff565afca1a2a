import type { Database, Queryable } from '@trellis/database';
import { causeOf, type Cause } from '@trellis/event-contracts';
import type { EventSubscription, HandlerOutcome } from '@trellis/messaging';
import { consumeOnce } from '@trellis/outbox';
import { releaseStock } from '../application/release-stock.ts';
import { reserveStock } from '../application/reserve-stock.ts';
import type { UnitOfWork } from '../application/unit-of-work.ts';

export interface OrderConsumersOptions {
  readonly database: Database;
  readonly unitOfWork: (tx: Queryable, cause: Cause) => UnitOfWork;
  readonly now: () => Date;
}

const consumer = 'products';
const taken: HandlerOutcome = { kind: 'ack' };

/** The products' part in the order saga: stock is set aside when an order is placed, and given back when it is cancelled or expires. */
export function createOrderConsumers(options: OrderConsumersOptions): EventSubscription[] {
  const { database, unitOfWork, now } = options;
  return [
    consumeOnce({
      database,
      consumer,
      eventType: 'orders.order-placed.v1',
      async handle(tx, event) {
        const { orderId } = event.data;
        const lines = event.data.lines.map((line) => ({ ...line, productId: line.productId.toLowerCase() }));
        await reserveStock(unitOfWork(tx, causeOf(event)), { orderId, lines }, now());
        return taken;
      },
    }),
    consumeOnce({
      database,
      consumer,
      eventType: 'orders.order-cancelled.v1',
      async handle(tx, event) {
        await releaseStock(unitOfWork(tx, causeOf(event)), event.data.orderId, 'CANCELLED', now());
        return taken;
      },
    }),
    consumeOnce({
      database,
      consumer,
      eventType: 'orders.order-expired.v1',
      async handle(tx, event) {
        await releaseStock(unitOfWork(tx, causeOf(event)), event.data.orderId, 'EXPIRED', now());
        return taken;
      },
    }),
  ];
}
