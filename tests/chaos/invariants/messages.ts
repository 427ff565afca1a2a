import { knownBindings } from '@trellis/event-contracts';
import { findDeadLetters, isDeadLetterQueue } from './dead-letters.ts';
import { rowsOf, type Finding, type Invariant } from './invariant.ts';
import type { DatabaseName, Reading } from './reading.ts';

/** No event is lost, or takes effect twice. */
export const messageInvariants = [
  {
    name: 'outbox-is-sent',
    sentence: 'Every event has left the outbox.',
    holds: 'soon',
    async find(reading) {
      const waiting = (database: DatabaseName): Promise<readonly Finding[]> =>
        rowsOf(
          database,
          `select jsonb_build_array(coalesce(event->>'id', position::text)) as ids,
             format('%s %s waits in the outbox of ${database} after %s attempts%s', event->>'type', event->>'id', attempts,
               coalesce(': ' || last_error, '')) as sentence
           from outbox order by position`,
        )(reading);
      return [...(await waiting('orders')), ...(await waiting('products')), ...(await waiting('users'))];
    },
  },
  {
    name: 'queues-are-empty',
    sentence: 'No message waits in a queue of a consumer or for its next attempt.',
    holds: 'at rest',
    async find({ broker }) {
      const depths = (await broker?.depths()) ?? [];
      return depths
        .filter(({ queue, messages }) => messages > 0 && !isDeadLetterQueue(queue))
        .map(({ queue, messages }) => ({ ids: [queue], sentence: `${messages} messages wait in ${queue}` }));
    },
  },
  {
    name: 'events-are-accounted-for',
    sentence: 'Each consumer has taken every event that is for it, once, or given it up to the dead letters.',
    holds: 'at rest',
    find: findUnaccounted,
  },
] as const satisfies readonly Invariant[];

/** Inboxes forget after two weeks (see `packages/outbox`): then there is nothing left to count by. */
const isRemembered = (table: string): string =>
  `coalesce(min(${table}.created_at) > now() - interval '13 days', true)`;

/**
 * Counts, for each consumer, the events that its producers have written by what they are about, against those in its inbox and in dead letters. An
 * event that was lost leaves no other trace where its order ended another way, by its deadline.
 */
async function findUnaccounted(reading: Reading): Promise<Finding[]> {
  const { orders, products, users } = reading;
  const [steps] = await orders.query(
    `select ${isRemembered('orders')} as is_remembered,
       (select count(*)::int from order_events where status in ('PENDING', 'CANCELLED', 'EXPIRED')) as products,
       (select count(*)::int from order_events where status in ('CONFIRMED', 'CANCELLED')) as users
     from orders`,
  );
  const [answers] = await products.query(
    `select ${isRemembered('products')} as is_remembered, coalesce(sum(version), 0)::int
       + (select count(*)::int from reservations r where state <> 'RELEASED'
            or exists (select from reservation_lines l where l.order_id = r.order_id)) as orders
     from products`,
  );
  if (steps?.['is_remembered'] !== true || answers?.['is_remembered'] !== true) return [];
  const expected: Partial<Record<DatabaseName, number>> = {
    products: Number(steps['products']),
    orders: Number(answers['orders']),
    ...(users === undefined ? {} : { users: Number(steps['users']) }),
  };
  const givenUp = await countGivenUp(reading);
  const findings: Finding[] = [];
  for (const [consumer, events] of Object.entries(expected) as [DatabaseName, number][]) {
    const rows = await reading[consumer]?.query(
      `select count(*)::int as taken from inbox where consumer = '${consumer}'`,
    );
    const taken = Number(rows?.[0]?.['taken']);
    const lost = givenUp.get(consumer) ?? 0;
    if (taken <= events && taken + lost >= events) continue;
    findings.push({
      ids: [consumer],
      sentence: `${events} events were written for ${consumer}; it has taken ${taken}, and ${lost} are dead letters`,
    });
  }
  return findings;
}

/** The dead letters by the consumer that has not taken them: all of its consumers, where an event was never published. */
async function countGivenUp(reading: Reading): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { consumer, eventType, messages } of await findDeadLetters(reading)) {
    const missing =
      consumer === 'outbox'
        ? knownBindings
            .filter((binding) => binding.eventType === eventType)
            .map((binding) => binding.consumer)
        : [consumer];
    for (const name of missing) counts.set(name, (counts.get(name) ?? 0) + messages);
  }
  return counts;
}
