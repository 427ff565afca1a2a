import type { Queryable } from '@trellis/database';
import type { CloudEvent } from '@trellis/event-contracts';
import { sql } from 'drizzle-orm';
import { outbox } from './tables.ts';

/** The channel on which relays are woken. */
export const outboxChannel = 'outbox';

/**
 * Writes events in the caller's transaction: they are published if, and only if, it commits (transactional outbox).
 * The notification is delivered by the commit too, so a relay never looks too early.
 */
export async function appendEvents(tx: Queryable, events: readonly CloudEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.insert(outbox).values(events.map((event) => ({ event })));
  await tx.execute(sql`select pg_notify(${outboxChannel}, '')`);
}
