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
  // One statement: a saga appends with each of its steps, and what a statement costs is most of what a step costs.
  await tx.execute(sql`
    with appended as (
      insert into ${outbox} (event)
      select event from jsonb_array_elements(${JSON.stringify(events)}::jsonb) with ordinality as appending(event, place)
      order by place
    )
    select pg_notify(${outboxChannel}, '')`);
}
