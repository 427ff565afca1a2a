import type { Database, Queryable } from '@trellis/database';
import { causeOf, type Cause, type EventData } from '@trellis/event-contracts';
import type { EventSubscription, HandlerOutcome } from '@trellis/messaging';
import { consumeOnce } from '@trellis/outbox';
import type { OrderTransaction } from '../application/order-store.ts';
import { settleOrder, type StockAnswer } from '../application/settle-order.ts';
import { readId } from '@trellis/validation';
import type { OrderId, ProductId } from '../domain/ids.ts';
import type { Rejection } from '../domain/rejection-reason.ts';

export interface StockConsumersOptions {
  readonly database: Database;
  /** The orders inside the transaction in which an event is taken. */
  readonly ordersIn: (tx: Queryable) => OrderTransaction;
  readonly now: () => Date;
}

/** Settle orders by what products could reserve for them. */
export function createStockConsumers({
  database,
  ordersIn,
  now,
}: StockConsumersOptions): EventSubscription[] {
  async function settle(
    tx: Queryable,
    order: string,
    answer: StockAnswer,
    cause: Cause,
  ): Promise<HandlerOutcome> {
    const orderId = readId<OrderId>(order);
    const outcome =
      orderId === undefined
        ? 'unknown-order'
        : await settleOrder(ordersIn(tx), orderId, answer, now(), cause);
    // An answer follows the commit of its order, so no repetition can make the order known.
    if (outcome === 'unknown-order') return { kind: 'dead-letter', reason: `there is no order ${order}` };
    return { kind: 'ack' };
  }
  const consumer = 'orders';
  return [
    consumeOnce({
      database,
      consumer,
      eventType: 'products.stock-reserved.v1',
      handle: (tx, event) => settle(tx, event.data.orderId, { kind: 'reserved' }, causeOf(event)),
    }),
    consumeOnce({
      database,
      consumer,
      eventType: 'products.stock-rejected.v1',
      handle: (tx, event) =>
        settle(
          tx,
          event.data.orderId,
          { kind: 'rejected', rejection: toRejection(event.data) },
          causeOf(event),
        ),
    }),
  ];
}

function toRejection({ reason, lines }: EventData<'products.stock-rejected.v1'>): Rejection {
  return {
    code: reason,
    // Only to name the products by: one that the order does not have goes without its name.
    lines: lines.map((line) => ({ ...line, productId: line.productId.toLowerCase() as ProductId })),
  };
}
