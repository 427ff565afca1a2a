import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { subscription, type HandlerOutcome } from '@trellis/messaging';
import type { CloudEvent } from '@trellis/event-contracts';
import { orderCancelled, stockReserved } from '../../support/events.ts';
import { describeWithServices } from '../../support/services.ts';
import { openTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { waitFor } from '../../support/wait-for.ts';

const reserved = { consumer: 'orders', eventType: 'products.stock-reserved.v1' } as const;

describeWithServices(['rabbitmq'], 'messages on RabbitMQ', ({ rabbitmq }) => {
  let broker: TestBroker;

  beforeEach(async () => {
    broker = await openTestBroker(rabbitmq);
  });
  afterEach(() => broker.dispose());

  function recordInto(arrived: CloudEvent[], outcome: HandlerOutcome = { kind: 'ack' }) {
    return subscription({
      ...reserved,
      handle: async (event) => {
        arrived.push(event);
        return outcome;
      },
    });
  }

  describe('an event', () => {
    it('lies in the queue of a consumer that never ran, with what operators and tracing need', async () => {
      const bus = await broker.createBus();
      const event = { ...stockReserved(), correlationid: 'request-1', traceparent: '00-01-02-01' };

      await bus.publish(event, 1);

      const [message] = await broker.drain(broker.queueOf(reserved));
      expect(message?.fields).toMatchObject({
        exchange: broker.exchange,
        routingKey: 'products.stock-reserved.v1',
      });
      expect(message?.properties).toMatchObject({
        messageId: event.id,
        type: event.type,
        appId: '/trellis/products',
        correlationId: 'request-1',
        contentType: 'application/cloudevents+json',
        deliveryMode: 2,
        timestamp: Math.floor(Date.parse(event.time) / 1_000),
        headers: { traceparent: '00-01-02-01' },
      });
      expect(JSON.parse(String(message?.content))).toEqual(event);
    });

    it('is published although its correlation id is longer than AMQP can say', async () => {
      const bus = await broker.createBus();
      const event = { ...stockReserved(), correlationid: 'é'.repeat(200) };

      await bus.publish(event, 1);

      const [message] = await broker.drain(broker.queueOf(reserved));
      expect(message?.properties.correlationId).toBeUndefined();
      expect(JSON.parse(String(message?.content))).toEqual(event);
    });

    it('goes to one of the processes of a consumer, and all of them share the work', async () => {
      const publisher = await broker.createBus();
      const shares: CloudEvent[][] = [[], []];
      for (const share of shares) {
        const bus = await broker.createBus({ prefetch: 1 });
        await bus.subscribe([recordInto(share)]);
      }
      const events = Array.from({ length: 100 }, () => stockReserved());

      await Promise.all(events.map((event) => publisher.publish(event, 1)));

      await waitFor('all events', () => shares.flat().length >= events.length);
      expect(shares.flat()).toHaveLength(events.length);
      expect(shares.every((share) => share.length > 0)).toBe(true);
    });
  });

  describe('a message that is no event', () => {
    const event = stockReserved();
    const huge = JSON.stringify({ ...event, subject: 'x'.repeat(1024 * 1024) });

    it.each([
      ['nothing at all', '', 'not JSON'],
      ['no JSON', 'hello', 'not JSON'],
      ['not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'not JSON in UTF-8'],
      ['JSON but no event', '[1,2]', 'event does not fit'],
      ['an unknown type', JSON.stringify({ ...event, type: 'x.y.v1' }), '"x.y.v1" is not an event'],
      ['an unknown version', JSON.stringify({ ...event, type: 'products.stock-reserved.v9' }), 'v9'],
      ['the event of another queue', JSON.stringify(orderCancelled()), 'came where'],
      ['data that do not fit', JSON.stringify({ ...event, data: {} }), 'data.orderId'],
      ['too large', huge, 'more than the 1048576'],
    ])('goes to the dead letters with the reason and the others flow: %s', async (_what, content, reason) => {
      const bus = await broker.createBus();
      const arrived: CloudEvent[] = [];
      await bus.subscribe([recordInto(arrived)]);
      const good = stockReserved();

      // A header that cannot be encoded as it was decoded must not keep it from leaving the queue.
      await broker.put(broker.queueOf(reserved), content, { headers: { 'x-strange': { a: [1, null] } } });
      await bus.publish(good, 1);

      await waitFor('the good event', () => arrived.length === 1);
      const [letter] = await waitFor('the dead letter', () =>
        nonEmpty(broker.drain(broker.deadLetterQueueOf(reserved))),
      );
      expect(arrived).toEqual([good]);
      expect(letter?.content.equals(Buffer.from(content))).toBe(true);
      expect(letter?.properties.headers).toMatchObject({
        'trellis-reason': expect.stringContaining(reason),
        'trellis-attempts': 1,
      });
    });
  });

  describe('a message that was given up', () => {
    it('says why, how often it was tried, since when, and where it came from', async () => {
      const bus = await broker.createBus({ maxAttempts: 3 });
      const arrived: CloudEvent[] = [];
      await bus.subscribe([recordInto(arrived, { kind: 'retry', reason: 'x'.repeat(200_000) })]);
      const before = new Date().toISOString();
      const event = { ...stockReserved(), correlationid: 'request-1', traceparent: '00-01-02-01' };

      await bus.publish(event, 1);

      const [letter] = await waitFor('the dead letter', () =>
        nonEmpty(broker.drain(broker.deadLetterQueueOf(reserved))),
      );
      expect(arrived).toHaveLength(3);
      expect(letter?.properties).toMatchObject({
        messageId: event.id,
        correlationId: 'request-1',
        headers: {
          'trellis-attempts': 3,
          'trellis-reason': 'x'.repeat(1_000),
          'trellis-routing-key': 'products.stock-reserved.v1',
          traceparent: '00-01-02-01',
        },
      });
      const since = String(letter?.properties.headers?.['trellis-first-failed-at']);
      expect(since >= before && since <= new Date().toISOString()).toBe(true);
    });
  });
});

async function nonEmpty<T>(list: Promise<T[]>): Promise<T[] | undefined> {
  const found = await list;
  return found.length > 0 ? found : undefined;
}
