import { randomUUID } from 'node:crypto';
import type { Database } from '@trellis/database';
import { appendEvents } from '@trellis/outbox';
import type { AccountStore } from './application/account-store.ts';
import type { OrderSummaryStore } from './application/order-summary-store.ts';
import type { SessionStore } from './application/session-store.ts';
import { toCloudEvent } from './messaging/to-cloud-event.ts';
import { createPostgresAccountStore } from './persistence/postgres-account-store.ts';
import { createPostgresOrderSummaryStore } from './persistence/postgres-order-summary-store.ts';
import { createPostgresSessionStore } from './persistence/postgres-session-store.ts';

/** Joins the stores and the outbox, so that what is written and what is told of it are one transaction. */
export interface Storage {
  readonly accounts: AccountStore;
  readonly sessions: SessionStore;
  readonly orderSummaries: OrderSummaryStore;
}

export function createStorage(database: Database): Storage {
  return {
    accounts: createPostgresAccountStore(database, (tx, event, cause) =>
      appendEvents(tx, [toCloudEvent(event, { ...cause, id: randomUUID() })]),
    ),
    sessions: createPostgresSessionStore(database),
    orderSummaries: createPostgresOrderSummaryStore(database),
  };
}
