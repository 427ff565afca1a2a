import type { CloudEvent } from '@trellis/event-contracts';
import { sql } from 'drizzle-orm';
import {
  bigint,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';

const now = sql`now()`;

/** Events that were committed and not yet handed to the bus. A row is deleted when the bus has confirmed it. */
export const outbox = pgTable(
  'outbox',
  {
    position: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    event: jsonb().$type<CloudEvent>().notNull(),
    /** The only consumer that gets it: a dead letter that is replayed. Null: whoever consumes its type. */
    consumer: text(),
    /** How often a relay took it up. */
    attempts: integer().notNull().default(0),
    /** Not before this: a relay at work moves it ahead (its lease), and so does a failure (its backoff). */
    availableAt: timestamp('available_at', { withTimezone: true }).notNull().default(now),
    lastError: text('last_error'),
  },
  (table) => [index('outbox_available').on(table.availableAt, table.position)],
);

/** Events that took effect here, by consumer: what makes a second delivery harmless. */
export const inbox = pgTable(
  'inbox',
  {
    consumer: text().notNull(),
    eventId: uuid('event_id').notNull(),
    handledAt: timestamp('handled_at', { withTimezone: true }).notNull().default(now),
  },
  (table) => [
    primaryKey({ columns: [table.consumer, table.eventId] }),
    index('inbox_handled_at').on(table.handledAt),
  ],
);

/**
 * Events that a consumer gave up, where the bus keeps no dead-letter queue of its own; and those that could never be published, with
 * `outbox` for their consumer.
 */
export const deadLetters = pgTable(
  'dead_letters',
  {
    consumer: text().notNull(),
    eventId: uuid('event_id').notNull(),
    event: jsonb().$type<CloudEvent>().notNull(),
    reason: text().notNull(),
    attempts: integer().notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(now),
  },
  (table) => [primaryKey({ columns: [table.consumer, table.eventId] })],
);
