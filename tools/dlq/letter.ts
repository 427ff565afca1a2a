import { queueName, type EventType } from '@trellis/event-contracts';
import type { QueuedLetter } from '@trellis/messaging';
import { unpublished, type KeptLetter } from '@trellis/outbox';

/** A dead letter, wherever it is kept. */
export interface Letter extends QueuedLetter {
  readonly consumer: string;
  /** `rabbitmq`, or the database. */
  readonly keptIn: string;
}

/** What people call it by: two consumers may have given up the same event. */
export function fullId({ queue, id }: Letter): string {
  return `${queue}/${id}`;
}

/** A letter of a dead-letter queue. */
export function fromBroker(letter: QueuedLetter): Letter {
  return { ...letter, consumer: letter.queue.split('.')[0] ?? letter.queue, keptIn: 'rabbitmq' };
}

/** A letter of a table. Its queue is the one that it would have on a broker; what the outbox of orders gave up has `orders.outbox`. */
export function fromTable(
  service: string,
  { consumer, eventId, event, reason, attempts, createdAt }: KeptLetter,
): Letter {
  const { type, correlationid } = event as { readonly type?: unknown; readonly correlationid?: unknown };
  const eventType = typeof type === 'string' ? type : undefined;
  return {
    queue: consumer === unpublished ? `${service}.outbox` : queueOf(consumer, eventType),
    id: eventId,
    eventType,
    correlationId: typeof correlationid === 'string' ? correlationid : undefined,
    reason,
    attempts,
    since: createdAt.toISOString(),
    content: Buffer.from(JSON.stringify(event)),
    consumer,
    keptIn: service,
  };
}

function queueOf(consumer: string, eventType: string | undefined): string {
  return eventType === undefined ? consumer : queueName({ consumer, eventType: eventType as EventType });
}
