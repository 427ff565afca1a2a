/** Every failpoint, and what has and has not happened when a process dies there. */
export const failpoints = {
  'orders.placed': 'the order is committed; its customer has no answer',
  'orders.cancelled': 'the cancellation is committed; its customer has no answer',
  'orders.expiring': 'an overdue order is ended in a transaction that has not committed',
  'orders.expired':
    'overdue orders are ended and committed, and the sweeper has not gone on; about `some` or `none` that it found',
  'outbox.leased': 'a relay has leased events; none of them is published',
  'outbox.confirmed': 'the bus has confirmed events; their rows are still in the outbox',
  'outbox.deleted': 'the rows of published events are deleted; the relay has not gone on',
  'inbox.handled': 'an event took effect in a transaction that has not committed; about its type',
  'inbox.committed':
    'the effect of an event is committed; the bus has no acknowledgement; about the type of the event',
  'dead-letter.kept':
    'a dead letter is safe where it is kept; the bus has no acknowledgement of the original',
  'migration.statement': 'a statement of the migrations is about to run; those before it have',
} as const satisfies Readonly<Record<string, string>>;

export type FailpointName = keyof typeof failpoints;
