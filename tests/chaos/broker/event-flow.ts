import { fileURLToPath } from 'node:url';
import { openDatabase } from '@trellis/database';
import type { CloudEvent } from '@trellis/event-contracts';
import { createLogger, type Stoppable } from '@trellis/lifecycle';
import type { HandlerOutcome, MessageBus } from '@trellis/messaging';
import { appendEvents, consumeOnce, outbox, startOutboxRelay } from '@trellis/outbox';
import { sql } from 'drizzle-orm';
import { pgTable, text } from 'drizzle-orm/pg-core';
import { reserved } from '../../integration/rabbitmq/rabbitmq-steps.ts';
import { createTestDatabase } from '../../support/services.ts';

const migrations = fileURLToPath(new URL('../../support/outbox-migrations', import.meta.url));

const effects = pgTable('effects', { eventId: text('event_id').notNull() });

/**
 * The whole way of events, from the transaction that writes them to the transaction in which they take effect. The effect is a row for
 * each time, which nothing but the inbox keeps from being written twice.
 */
export interface EventFlow extends Stoppable {
  /** Writes events as a service does, in a transaction of its own. */
  commit(events: readonly CloudEvent[]): Promise<void>;
  /** Carries what was committed to the bus until the flow is stopped. */
  relayTo(bus: MessageBus): Promise<void>;
  /**
   * Lets what arrives on the bus take effect.
   * @param beforeAnswer waited for between the commit of an effect and the acknowledgement of its event.
   */
  consumeFrom(bus: MessageBus, beforeAnswer?: () => Promise<void>): Promise<void>;
  /** What was committed and is not known to be published, and why not. */
  unsent(): Promise<readonly { readonly eventId: string; readonly lastError: string | null }[]>;
  /** The ids of the events that took effect, one for each time. */
  effects(): Promise<readonly string[]>;
}

/** Opens a flow on a database of its own. */
export async function openEventFlow(): Promise<EventFlow> {
  const place = await createTestDatabase();
  const logger = createLogger('test', 'silent');
  const database = await openDatabase(
    { service: 'test', directory: '', url: place.url, migrations, connectTimeoutMs: 60_000 },
    logger,
  );
  const relays: Stoppable[] = [];
  await database.query.execute(sql`create table effects (event_id text not null)`);
  return {
    commit: (events) => database.transaction((tx) => appendEvents(tx, events)),
    async relayTo(bus) {
      relays.push(await startOutboxRelay({ database, publisher: bus, logger }));
    },
    async consumeFrom(bus, beforeAnswer) {
      const once = consumeOnce({
        database,
        ...reserved,
        async handle(tx, { id }) {
          await tx.insert(effects).values({ eventId: id });
          return { kind: 'ack' };
        },
      });
      const handle = async (event: CloudEvent): Promise<HandlerOutcome> => {
        const outcome = await once.handle(event);
        await beforeAnswer?.();
        return outcome;
      };
      await bus.subscribe([{ ...once, handle }]);
    },
    async unsent() {
      const rows = await database.query.select().from(outbox);
      return rows.map(({ event, lastError }) => ({ eventId: event.id, lastError }));
    },
    async effects() {
      const rows = await database.query.select().from(effects);
      return rows.map(({ eventId }) => eventId);
    },
    async stop() {
      await Promise.all(relays.map((relay) => relay.stop()));
      await database.stop();
      await place.drop();
    },
  };
}
