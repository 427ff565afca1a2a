import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InvalidEventError, type CloudEvent, type EventType } from '@trellis/event-contracts';
import {
  subscription,
  type EventSubscription,
  type HandlerOutcome,
  type MessageBus,
} from '@trellis/messaging';
import { orderCancelled, stockReserved } from '../../support/events.ts';
import { waitFor } from '../../support/wait-for.ts';

/** An event that was given up, as both transports can show it. */
export interface KeptDeadLetter {
  readonly consumer: string;
  readonly eventId: string;
  readonly reason: string;
  readonly attempts: number;
}

/** One implementation of the bus, prepared for one test. */
export interface BusUnderTest {
  readonly bus: MessageBus;
  /** Gives subscriptions a place for their dead letters, where the transport has none. */
  prepare(subscriptions: readonly EventSubscription[]): readonly EventSubscription[];
  /** All that was given up so far, in any order; each is shown once. */
  deadLetters(): Promise<readonly KeptDeadLetter[]>;
  dispose(): Promise<void>;
}

/** How often the buses under test try an event. */
export const contractMaxAttempts = 3;

const ack: HandlerOutcome = { kind: 'ack' };
const retry: HandlerOutcome = { kind: 'retry', reason: 'not now' };

/**
 * What every message bus promises, whatever it is made of. An event is published as the outbox relay does it: again, with the next
 * attempt, for as long as `publish` rejects.
 */
export function describeMessageBus(open: () => Promise<BusUnderTest>): void {
  let underTest: BusUnderTest;
  let bus: MessageBus;

  beforeEach(async () => {
    underTest = await open();
    bus = underTest.bus;
  });
  afterEach(() => underTest.dispose());

  /** Subscribes, and answers the list into which what arrives is written. */
  async function listen<T extends EventType>(
    consumer: string,
    eventType: T,
    answer: (event: CloudEvent<T>, delivery: number) => HandlerOutcome | Promise<HandlerOutcome> = () => ack,
  ): Promise<CloudEvent<T>[]> {
    const arrived: CloudEvent<T>[] = [];
    const handle = async (event: CloudEvent<T>) => answer(event, arrived.push(event));
    await bus.subscribe(underTest.prepare([subscription({ consumer, eventType, handle })]));
    return arrived;
  }

  async function relay(...events: CloudEvent[]): Promise<void> {
    await Promise.all(events.map((event) => relayOne(event)));
  }

  async function relayOne(event: CloudEvent, attempt = 1): Promise<void> {
    try {
      await bus.publish(event, attempt);
    } catch (error) {
      if (attempt > 2 * contractMaxAttempts) throw error;
      await relayOne(event, attempt + 1);
    }
  }

  async function nextDeadLetters(count: number): Promise<KeptDeadLetter[]> {
    const letters: KeptDeadLetter[] = [];
    await waitFor(
      `${count} dead letters`,
      async () => letters.push(...(await underTest.deadLetters())) >= count,
    );
    return letters;
  }

  describe('delivery', () => {
    it('hands an event to its consumer as it was published', async () => {
      const arrived = await listen('orders', 'products.stock-reserved.v1');
      const event = { ...stockReserved(), correlationid: 'request-1', traceparent: '00-01-02-01' };

      await relay(event);

      await waitFor('the event', () => arrived.length === 1);
      expect(arrived).toEqual([event]);
    });

    it('hands an event to each consumer of its type', async () => {
      const products = await listen('products', 'orders.order-cancelled.v1');
      const users = await listen('users', 'orders.order-cancelled.v1');
      const event = orderCancelled();

      await relay(event);

      await waitFor('both', () => products.length + users.length === 2);
      expect([products, users]).toEqual([[event], [event]]);
    });

    it('hands a consumer nothing but the types it subscribed to', async () => {
      const reserved = await listen('orders', 'products.stock-reserved.v1');
      await listen('products', 'orders.order-cancelled.v1');
      await listen('users', 'orders.order-cancelled.v1');
      const wanted = stockReserved();

      await relay(orderCancelled());
      await relay(wanted);

      await waitFor('the event', () => reserved.length > 0);
      expect(reserved).toEqual([wanted]);
    });

    it('hands over every one of many events published at once', async () => {
      const arrived = await listen('orders', 'products.stock-reserved.v1');
      const events = Array.from({ length: 300 }, () => stockReserved());

      await relay(...events);

      await waitFor('all of them', () => arrived.length >= events.length);
      expect(new Set(arrived.map(({ id }) => id))).toEqual(new Set(events.map(({ id }) => id)));
    });

    it('publishes an event that nobody consumes without complaint', async () => {
      const event = { ...stockReserved(), type: 'users.user-registered.v1' as const, data: registration };

      await expect(bus.publish(event, 1)).resolves.toBeUndefined();
    });

    it('keeps an event for a known consumer that has not subscribed yet', async () => {
      const event = stockReserved();
      const relayed = relayUntilTaken(event);

      const arrived = await listen('orders', 'products.stock-reserved.v1');

      await relayed;
      await waitFor('the event', () => arrived.length === 1);
    });

    it('refuses to publish an event that does not fit its contract', async () => {
      const broken = { ...stockReserved(), data: { orderId: 'no uuid' } };

      await expect(bus.publish(broken, 1)).rejects.toThrow(InvalidEventError);
    });

    it('refuses a second subscription of a consumer to the same type', async () => {
      await listen('orders', 'products.stock-reserved.v1');

      await expect(listen('orders', 'products.stock-reserved.v1')).rejects.toThrow('already subscribed');
    });
  });

  describe('an event that its consumer cannot take', () => {
    it('is tried again until it is taken', async () => {
      const arrived = await listen('orders', 'products.stock-reserved.v1', (_event, delivery) =>
        delivery < contractMaxAttempts ? retry : ack,
      );
      const event = stockReserved();

      await relay(event);

      await waitFor('the last attempt', () => arrived.length === contractMaxAttempts);
      expect(arrived).toEqual([event, event, event]);
      expect(await underTest.deadLetters()).toEqual([]);
    });

    it('is tried again when its handler throws, and given up with the error as the reason', async () => {
      const arrived = await listen('orders', 'products.stock-reserved.v1', () => {
        throw new Error('database is away');
      });
      const event = stockReserved();

      await relay(event);

      expect(await nextDeadLetters(1)).toMatchObject([
        { eventId: event.id, reason: 'handler threw: database is away', attempts: contractMaxAttempts },
      ]);
      expect(arrived).toHaveLength(contractMaxAttempts);
    });

    it('is given up after the last attempt, with the reason and the number of attempts', async () => {
      const arrived = await listen('orders', 'products.stock-reserved.v1', () => retry);
      const event = stockReserved();

      await relay(event);

      expect(await nextDeadLetters(1)).toEqual([
        { consumer: 'orders', eventId: event.id, reason: 'not now', attempts: contractMaxAttempts },
      ]);
      expect(arrived).toHaveLength(contractMaxAttempts);
    });

    it('is given up at once when its handler says that it never will', async () => {
      const arrived = await listen('orders', 'products.stock-reserved.v1', () => ({
        kind: 'dead-letter',
        reason: 'no such order',
      }));
      const event = stockReserved();

      await relay(event);

      expect(await nextDeadLetters(1)).toEqual([
        { consumer: 'orders', eventId: event.id, reason: 'no such order', attempts: 1 },
      ]);
      expect(arrived).toHaveLength(1);
    });

    it('does not keep the events behind it from being taken', async () => {
      const bad = stockReserved();
      const arrived = await listen('orders', 'products.stock-reserved.v1', ({ id }) =>
        id === bad.id ? retry : ack,
      );
      const good = Array.from({ length: 5 }, () => stockReserved());

      await relay(bad, ...good);

      const ids = () => new Set(arrived.map(({ id }) => id));
      await waitFor('the good ones', () => good.every(({ id }) => ids().has(id)));
      expect(await nextDeadLetters(1)).toMatchObject([{ eventId: bad.id }]);
    });

    it('reaches the other consumer all the same', async () => {
      await listen('products', 'orders.order-cancelled.v1', () => retry);
      const users = await listen('users', 'orders.order-cancelled.v1');
      const event = orderCancelled();

      await relay(event);

      await waitFor('the other consumer', () => users.length > 0);
      expect(users[0]).toEqual(event);
      expect(await nextDeadLetters(1)).toMatchObject([{ consumer: 'products', eventId: event.id }]);
    });
  });

  describe('stopping', () => {
    it('waits for the handler in hand', async () => {
      let finished = false;
      let beginWork: () => void = () => undefined;
      const stopIsAsked = new Promise<void>((resolve) => (beginWork = resolve));
      const arrived = await listen('orders', 'products.stock-reserved.v1', async () => {
        await stopIsAsked;
        // The life of another bus, and a turn of the event loop: longer than this one takes to stop when it does not wait.
        await (await open()).dispose();
        await new Promise(setImmediate);
        finished = true;
        return ack;
      });
      const publication = bus.publish(stockReserved(), 1);
      await waitFor('the handler to begin', () => arrived.length === 1);

      const stopped = bus.stop();
      beginWork();
      await stopped;

      expect(finished).toBe(true);
      await publication;
      expect(await underTest.deadLetters()).toEqual([]);
    });

    it('refuses what is published afterwards, and says that it is disconnected', async () => {
      expect(bus.status()).toEqual({ kind: 'connected' });

      await bus.stop();

      await expect(bus.publish(stockReserved(), 1)).rejects.toThrow('stopped');
      expect(bus.status()).toEqual({ kind: 'disconnected', reason: 'stopped' });
    });

    it('can be asked twice', async () => {
      await Promise.all([bus.stop(), bus.stop()]);

      await expect(bus.stop()).resolves.toBeUndefined();
    });
  });

  async function relayUntilTaken(event: CloudEvent): Promise<void> {
    await waitFor('the event to be published', () =>
      bus.publish(event, 1).then(
        () => true,
        () => false,
      ),
    );
  }
}

const registration = {
  userId: '0198f7a1-2b3c-7d4e-8f50-617283940a1b',
  email: 'ada@example.test',
  displayName: 'Ada',
  role: 'CUSTOMER',
  registeredAt: '2026-01-02T03:04:05.678Z',
} as const;
