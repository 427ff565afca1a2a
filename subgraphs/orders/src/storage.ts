import { randomUUID } from 'node:crypto';
import type { Database, Queryable } from '@trellis/database';
import { appendEvents } from '@trellis/outbox';
import type { OrderStore, OrderTransaction } from './application/order-store.ts';
import { toCloudEvent } from './messaging/to-cloud-event.ts';
import { createPostgresOrderStore } from './persistence/postgres-order-store.ts';
import { createPostgresOrderTransaction } from './persistence/postgres-order-transaction.ts';

/** Joins the orders and the outbox, so that what is written and what is told of it are one transaction. */
export interface Storage {
  readonly orders: OrderStore;
  /** The orders inside a transaction that is under way. */
  ordersIn(tx: Queryable): OrderTransaction;
}

export function createStorage(database: Database): Storage {
  const ordersIn = (tx: Queryable): OrderTransaction =>
    createPostgresOrderTransaction(tx, (event, cause) =>
      appendEvents(tx, [toCloudEvent(event, { ...cause, id: randomUUID() })]),
    );
  return { orders: createPostgresOrderStore(database, ordersIn), ordersIn };
}
