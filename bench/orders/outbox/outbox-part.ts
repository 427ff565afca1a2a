/** A process with a service's outbox, its relay, a bus and a consumer: what carries an event from a commit to its effect. */
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { openDatabase, type Database } from '@trellis/database';
import { createEvent, type CloudEvent } from '@trellis/event-contracts';
import { createLogger, type Stoppable } from '@trellis/lifecycle';
import { createInProcessBus, createRabbitMqBus, subscription, type MessageBus } from '@trellis/messaging';
import { appendEvents, consumeOnce, startOutboxRelay } from '@trellis/outbox';
import { setTimeout as pause } from 'node:timers/promises';
import { summary, type LoadResult } from '../load/load.ts';
import { servePart } from '../part.ts';

const migrations = fileURLToPath(new URL('../../../subgraphs/orders/migrations', import.meta.url));
const eventType = 'products.stock-reserved.v1';
const consumer = 'orders';

/** Where it keeps its data and meets others. */
export interface OutboxSettings {
  readonly url?: string | undefined;
  readonly directory: string;
  /** Absent: events travel in the process. */
  readonly broker?: { readonly url: string; readonly prefix: string } | undefined;
  /** Whether the consumer remembers what it took, as those of the services do, in a transaction for each event. */
  readonly inbox: boolean;
}

const logger = createLogger('bench', 'silent');
let database: Database | undefined;
let bus: MessageBus | undefined;
let relay: Stoppable | undefined;
let beating: Promise<void> | undefined;
let stopping = false;
let onTaken: (id: string) => void = () => undefined;
let onPublished: (begunAt: number) => void = () => undefined;

const functions = {
  async open({ url, directory, broker, inbox }: OutboxSettings): Promise<void> {
    const bindings = [{ consumer, eventType }] as const;
    database = await openDatabase({ service: 'orders', url, directory, migrations }, logger);
    bus =
      broker === undefined
        ? createInProcessBus({ logger, bindings })
        : await createRabbitMqBus({
            url: broker.url,
            exchange: `${broker.prefix}trellis.events`,
            queuePrefix: broker.prefix,
            bindings,
            logger,
          });
    const taking = consumeOnce({
      database,
      consumer,
      eventType,
      handle: async () => ({ kind: 'ack' }),
    });
    const watched = subscription<typeof eventType>({
      consumer,
      eventType,
      async handle(event) {
        const outcome = inbox ? await taking.handle(event) : ({ kind: 'ack' } as const);
        onTaken(event.id);
        return outcome;
      },
    });
    await bus.subscribe([watched]);
  },
  /** From here on, what is in the outbox is carried away. */
  async startRelay(_: undefined): Promise<void> {
    const { publish } = theBus();
    const publisher: MessageBus = {
      ...theBus(),
      async publish(event, attempt) {
        const begunAt = Date.now();
        await publish(event, attempt);
        onPublished(begunAt);
      },
    };
    relay = await startOutboxRelay({ database: theDatabase(), publisher, logger });
  },
  /** Appends an event at a time, and takes the time from its commit until its consumer has it. */
  async latency({ seconds, pauseMs }: { seconds: number; pauseMs: number }): Promise<LoadResult> {
    const times: number[] = [];
    const until = performance.now() + seconds * 1_000;
    while (performance.now() < until) {
      const event = newEvent();
      const taken = new Promise<number>((resolve) => {
        onTaken = (id) => id === event.id && resolve(performance.now());
      });
      await theDatabase().transaction((tx) => appendEvents(tx, [event]));
      const committed = performance.now();
      // It may be taken before the commit is answered.
      times.push(Math.max(0, (await taken) - committed));
      await pause(pauseMs);
    }
    return summary(times, seconds);
  },
  /** Fills the outbox while no relay runs. */
  async fill({ events }: { events: number }): Promise<void> {
    const perTransaction = 500;
    for (let done = 0; done < events; done += perTransaction) {
      const some = Array.from({ length: Math.min(perTransaction, events - done) }, newEvent);
      await theDatabase().transaction((tx) => appendEvents(tx, some));
    }
  },
  /** Starts the relay, and takes the time until the consumer has that many events. */
  async drain({ events }: { events: number }): Promise<{ perSecond: number }> {
    const taken = new Set<string>();
    const all = new Promise<void>((resolve) => {
      onTaken = (id) => taken.add(id).size === events && resolve();
    });
    const begun = performance.now();
    await functions.startRelay(undefined);
    await all;
    return { perSecond: events / ((performance.now() - begun) / 1_000) };
  },
  /** From here on an event is appended every few milliseconds, whatever happens to the database. */
  async beat({ pauseMs }: { pauseMs: number }): Promise<void> {
    beating = (async () => {
      while (!stopping) {
        await theDatabase()
          .transaction((tx) => appendEvents(tx, [newEvent()]))
          .catch(() => undefined); // it is away: that is what is measured
        await pause(pauseMs);
      }
    })();
  },
  /** @returns when the first event was safe whose publishing began at `at` or later. Both in milliseconds since 1970. */
  publishedAfter: ({ at }: { at: number }): Promise<number> =>
    new Promise((resolve) => {
      onPublished = (begunAt) => begunAt >= at && resolve(Date.now());
    }),
};

export type OutboxFunctions = typeof functions;

servePart(functions, async () => {
  stopping = true;
  await beating;
  await bus?.stop();
  await relay?.stop();
  await database?.stop();
});

function newEvent(): CloudEvent {
  const orderId = randomUUID();
  return createEvent({
    type: eventType,
    data: { orderId },
    id: randomUUID(),
    subject: orderId,
    time: new Date(),
  });
}

function theDatabase(): Database {
  if (database === undefined) throw new Error('the part is not open');
  return database;
}

function theBus(): MessageBus {
  if (bus === undefined) throw new Error('the part is not open');
  return bus;
}
