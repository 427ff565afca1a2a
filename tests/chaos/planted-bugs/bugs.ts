import type { Mix, PossibleFault } from '../driver/schedule.ts';
import type { InvariantName } from '../invariants.ts';
import type { Edit } from './copy-source.ts';

/** A fault of the kind that the platform is built not to have, and how to find it in the distributed platform. */
export interface PlantedBug {
  readonly name: string;
  readonly sentence: string;
  readonly edits: readonly Edit[];
  /** Aimed at the bug, so that few rounds are enough. */
  readonly possibleFaults: readonly PossibleFault[];
  readonly faultsPerRound: readonly [fewest: number, most: number];
  readonly mix: Mix;
  /** What is broken by it: one of these has to be found. */
  readonly breaks: readonly InvariantName[];
}

const eventsLost: readonly InvariantName[] = [
  'order-is-settled',
  'reservation-follows-its-order',
  'order-summaries-follow-orders',
  'events-are-accounted-for',
];

const stockStore = 'subgraphs/products/src/persistence/postgres-stock-store.ts';
const consumer = 'packages/messaging/src/rabbitmq/consumer.ts';

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'outbox-deleted-before-confirm',
    sentence: 'The relay deletes rows of the outbox before the broker has confirmed their events.',
    edits: [
      {
        file: 'packages/outbox/src/outbox-relay.ts',
        find: '    const sent: number[] = [];\n',
        replace:
          '    await database.query.delete(outbox).where(inArray(outbox.position, rows.map(({ position }) => position)));\n' +
          '    const sent: number[] = [];\n',
      },
    ],
    possibleFaults: [
      { kind: 'kill', part: 'rabbitmq', weight: 1, longestMs: 500 },
      { kind: 'cut', part: 'rabbitmq', weight: 3, longestMs: 0 },
    ],
    faultsPerRound: [6, 8],
    mix: { cancel: 0.2, adjust: 0.05, cancelAtOnce: 0.5, lines: 3 },
    breaks: eventsLost,
  },
  {
    name: 'acknowledged-before-commit',
    sentence: 'A consumer acknowledges a delivery before the transaction that it causes has committed.',
    edits: [
      {
        file: consumer,
        find: '    const attempts = attemptsBefore(message) + 1;\n',
        replace: '    const attempts = attemptsBefore(message) + 1;\n    acknowledge(from, message);\n',
      },
      // A delivery that is acknowledged twice closes the channel, which nobody would have overlooked.
      {
        file: consumer,
        find: "if (outcome.kind === 'ack') return acknowledge(from, message);",
        replace: "if (outcome.kind === 'ack') return;",
      },
      {
        file: consumer,
        find: '        return acknowledge(from, message);\n',
        replace: '        return;\n',
      },
    ],
    possibleFaults: [
      { kind: 'kill', part: 'products', weight: 2, longestMs: 100 },
      { kind: 'kill', part: 'orders', weight: 1, longestMs: 100 },
    ],
    faultsPerRound: [4, 6],
    mix: { cancel: 0.2, adjust: 0.05, cancelAtOnce: 0.5, lines: 3 },
    breaks: eventsLost,
  },
  {
    name: 'no-inbox',
    sentence:
      'A consumer does not ask its inbox whether it has handled an event, and nobody asks whether a reservation was released before: the second guard.',
    edits: [
      {
        file: 'packages/outbox/src/consume-once.ts',
        find: "          if (isNew.length === 0) return { kind: 'ack' };\n",
        replace: '',
      },
      {
        file: 'subgraphs/products/src/application/release-stock.ts',
        find: "if (reservation?.state !== 'RESERVED') return;",
        replace: 'if (reservation === undefined || reservation.lines.length === 0) return;',
      },
      {
        file: 'subgraphs/products/src/domain/reservation.ts',
        find: "  if (reservation.state !== 'RESERVED') return [];\n",
        replace: '',
      },
    ],
    possibleFaults: [
      { kind: 'kill', part: 'products', weight: 1, longestMs: 100 },
      { kind: 'cut', part: 'rabbitmq', weight: 4, longestMs: 0 },
    ],
    faultsPerRound: [8, 12],
    mix: { cancel: 0.45, adjust: 0.05, cancelAtOnce: 0.2, lines: 3 },
    breaks: [
      'reservation-moves-stock-once',
      'reserved-equals-reservations',
      'reserved-equals-confirmed-orders',
      'reservation-follows-its-order',
    ],
  },
  {
    name: 'stock-without-lock',
    sentence:
      'Stock is read without a lock and written as it was computed; the two guards behind the lock, the version of the row and of the ledger, are gone too.',
    edits: [
      { file: stockStore, find: "\n        .for('update');", replace: ';' },
      {
        file: stockStore,
        find: '        where ${stock.version} = excluded.version - 1\n',
        replace: '',
      },
      {
        file: 'subgraphs/products/migrations/0000_initial.sql',
        find: '\tCONSTRAINT "stock_ledger_version_unique" UNIQUE("product_id","stock_version"),\n',
        replace: '',
      },
    ],
    possibleFaults: [{ kind: 'kill', part: 'products', weight: 1, longestMs: 300 }],
    faultsPerRound: [1, 2],
    mix: { cancel: 0.2, adjust: 0.2, cancelAtOnce: 0.5, lines: 1 },
    breaks: ['stock-equals-ledger', 'reserved-equals-reservations', 'stock-within-bounds'],
  },
  {
    name: 'settled-whatever-the-state',
    sentence: 'An answer of products settles an order whatever its status is.',
    edits: [
      {
        file: 'subgraphs/orders/src/domain/change-order.ts',
        find:
          '  return stepTo(\n    order,\n' +
          "    reply.kind === 'reserved' ? { status: 'CONFIRMED' } : { status: 'REJECTED', reason: reply.reason },\n" +
          '    now,\n  );',
        replace:
          "  const state: OrderState = reply.kind === 'reserved' ? { status: 'CONFIRMED' } : { status: 'REJECTED', reason: reply.reason };\n" +
          '  return { sequence: order.lastStep.sequence + 1, state, occurredAt: now };',
      },
    ],
    possibleFaults: [
      { kind: 'kill', part: 'products', weight: 1, longestMs: 300 },
      { kind: 'freeze', part: 'products', weight: 3, longestMs: 1_500 },
    ],
    faultsPerRound: [3, 5],
    mix: { cancel: 0.45, adjust: 0.05, cancelAtOnce: 1, lines: 2 },
    breaks: ['order-history-is-whole', 'acknowledged-cancellation-stands', 'reservation-fits-its-order'],
  },
];
