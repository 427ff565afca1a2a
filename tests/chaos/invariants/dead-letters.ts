import type { DatabaseName, Reading } from './reading.ts';

/** Messages that were given up at one place. They are not lost: a person has to look at them. */
export interface DeadLetters {
  /** The queue, or the table: `products.order-placed.v1.dead-letter`, `orders.dead_letters`. */
  readonly place: string;
  /** Who gave them up; `outbox` for events that could never be published. */
  readonly consumer: string;
  /** Absent: a queue does not tell. */
  readonly eventType?: string;
  readonly messages: number;
  /** Ids of the events; empty for a queue. */
  readonly eventIds: readonly string[];
}

const databases: readonly DatabaseName[] = ['orders', 'products', 'users'];

/** Says what lies in dead letters, in the databases and on the broker. */
export async function findDeadLetters(reading: Reading): Promise<readonly DeadLetters[]> {
  const found: DeadLetters[] = [];
  for (const database of databases) {
    const rows = await reading[database]?.query(
      `select consumer, coalesce(event->>'type', 'no type') as type, jsonb_agg(event_id order by created_at, event_id) as ids
       from dead_letters group by 1, 2 order by 1, 2`,
    );
    for (const { consumer, type, ids } of rows ?? []) {
      const eventIds = (ids as readonly unknown[]).map(String);
      found.push({
        place: `${database}.dead_letters`,
        consumer: String(consumer),
        eventType: String(type),
        messages: eventIds.length,
        eventIds,
      });
    }
  }
  for (const { queue, messages } of (await reading.broker?.depths()) ?? []) {
    if (!isDeadLetterQueue(queue) || messages === 0) continue;
    found.push({ place: queue, consumer: consumerOf(queue), messages, eventIds: [] });
  }
  return found;
}

export function isDeadLetterQueue(queue: string): boolean {
  return queue.endsWith('.dead-letter');
}

/** `products` for `<prefix>products.order-placed.v1.dead-letter`. */
function consumerOf(queue: string): string {
  return databases.find((name) => new RegExp(`${name}[.][^.]+[.]v\\d+[.]dead-letter$`).test(queue)) ?? queue;
}
