import type { Database, Queryable } from '@trellis/database';
import type { CloudEvent, EventType } from '@trellis/event-contracts';
import { failpoint } from '@trellis/failpoints';
import { subscription, type EventSubscription, type HandlerOutcome } from '@trellis/messaging';
import { deadLetters, inbox } from './tables.ts';

/** A consumer of one event type whose effect and whose memory of it are one transaction. */
export interface OnceConsumer<T extends EventType> {
  readonly database: Database;
  /** The consuming service: `products`. */
  readonly consumer: string;
  readonly eventType: T;
  /** Writes only through `tx`. Anything but `ack` undoes all of it. */
  readonly handle: (tx: Queryable, event: CloudEvent<T>) => Promise<HandlerOutcome>;
}

/**
 * Makes a subscription that takes effect exactly once for an event, however often the bus delivers it (idempotent consumer with an inbox).
 */
export function consumeOnce<T extends EventType>(definition: OnceConsumer<T>): EventSubscription {
  const { database, consumer, eventType, handle } = definition;
  return subscription<T>({
    consumer,
    eventType,
    async handle(event) {
      const outcome = await database.transaction<HandlerOutcome>(
        async (tx) => {
          const isNew = await tx
            .insert(inbox)
            .values({ consumer, eventId: event.id })
            .onConflictDoNothing()
            .returning({ eventId: inbox.eventId });
          if (isNew.length === 0) return { kind: 'ack' };
          const outcome = await handle(tx, event);
          failpoint('inbox.handled', eventType);
          return outcome;
        },
        (outcome) => outcome.kind === 'ack',
      );
      failpoint('inbox.committed', eventType);
      return outcome;
    },
    async keepDeadLetter({ event, reason, attempts }) {
      await database.query
        .insert(deadLetters)
        .values({ consumer, eventId: event.id, event, reason, attempts })
        .onConflictDoNothing();
    },
  });
}
