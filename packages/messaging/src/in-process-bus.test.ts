import { describe, expect, it } from '@jest/globals';
import { createEvent, type CloudEvent } from '@trellis/event-contracts';
import { createLogger } from '@trellis/lifecycle';
import { createInProcessBus } from './in-process-bus.ts';
import { subscription, type DeadLetter, type EventSubscription, type HandlerOutcome } from './message-bus.ts';

const logger = createLogger('test', 'silent');
const orderId = '0198f7a1-2b3c-7d4e-8f50-617283940a1b';
const event: CloudEvent<'products.stock-reserved.v1'> = createEvent({
  type: 'products.stock-reserved.v1',
  id: '0198f7a1-2b3c-7d4e-8f50-617283940a1c',
  subject: orderId,
  time: new Date(0),
  data: { orderId },
});

function subscriber(
  consumer: string,
  outcome: HandlerOutcome,
  keepDeadLetter?: EventSubscription['keepDeadLetter'],
): EventSubscription {
  return subscription({
    consumer,
    eventType: 'products.stock-reserved.v1',
    handle: async () => outcome,
    ...(keepDeadLetter === undefined ? {} : { keepDeadLetter }),
  });
}

describe('the in-process bus', () => {
  it('does not publish before every consumer that the contracts name has subscribed', async () => {
    const bus = createInProcessBus({ logger });
    let taken = 0;
    const publication = bus.publish(event, 1);

    await bus.subscribe([subscriber('users', { kind: 'ack' })]);
    await bus.subscribe([
      { ...subscriber('orders', { kind: 'ack' }), handle: async () => (taken++, { kind: 'ack' as const }) },
    ]);

    await publication;
    expect(taken).toBe(1);
  });

  it('does not keep an event waiting for a consumer when it is stopped', async () => {
    const bus = createInProcessBus({ logger });
    const publication = bus.publish(event, 1);
    const refused = expect(publication).rejects.toThrow('was stopped before every consumer');
    await bus.stop();
    await refused;
  });

  it('names the consumers that did not take an event, and why', async () => {
    const bus = createInProcessBus({ logger, bindings: [] });
    await bus.subscribe([
      subscriber('orders', { kind: 'retry', reason: 'not now' }),
      subscriber('users', { kind: 'ack' }),
    ]);

    await expect(bus.publish(event, 1)).rejects.toThrow(/was not taken: orders: not now$/);
  });

  it('counts attempts as the outbox does, and keeps the event at the last', async () => {
    const kept: DeadLetter[] = [];
    const keep = async (letter: DeadLetter) => void kept.push(letter);
    const bus = createInProcessBus({ logger, bindings: [], maxAttempts: 4 });
    await bus.subscribe([subscriber('orders', { kind: 'retry', reason: 'not now' }, keep)]);

    await expect(bus.publish(event, 3)).rejects.toThrow('not now');
    expect(kept).toEqual([]);

    await bus.publish(event, 4);
    expect(kept).toEqual([{ consumer: 'orders', event, reason: 'not now', attempts: 4 }]);
  });

  it('is patient for about an hour, as the broker is', async () => {
    const kept: DeadLetter[] = [];
    const bus = createInProcessBus({ logger, bindings: [] });
    await bus.subscribe([
      subscriber('orders', { kind: 'retry', reason: 'not now' }, async (letter) => void kept.push(letter)),
    ]);
    let waitedMs = 0;
    for (let attempt = 1; kept.length === 0; attempt++) {
      await bus.publish(event, attempt).catch(() => undefined);
      if (kept.length === 0) waitedMs += Math.min(100 * 2 ** (attempt - 1), bus.longestPauseMs!); // as the outbox does
    }
    expect(waitedMs / 60_000).toBeGreaterThan(50);
    expect(waitedMs / 60_000).toBeLessThan(75);
  });

  it('leaves an event in the outbox when its dead letter could not be kept', async () => {
    const bus = createInProcessBus({ logger, bindings: [] });
    const keep = () => Promise.reject(new Error('disk is full'));
    await bus.subscribe([subscriber('orders', { kind: 'dead-letter', reason: 'never' }, keep)]);

    await expect(bus.publish(event, 1)).rejects.toThrow(
      'could not keep the dead letter: Error: disk is full',
    );
  });

  it('leaves an event in the outbox when its consumer keeps no dead letters', async () => {
    const bus = createInProcessBus({ logger, bindings: [] });
    await bus.subscribe([subscriber('orders', { kind: 'dead-letter', reason: 'never' })]);

    await expect(bus.publish(event, 1)).rejects.toThrow('keeps no dead letters');
  });

  it('gives each consumer a copy of its own', async () => {
    const bus = createInProcessBus({ logger, bindings: [] });
    const seen: CloudEvent[] = [];
    const vandal = async (copy: CloudEvent): Promise<HandlerOutcome> => {
      Object.assign(copy.data, { orderId: 'vandalised' });
      seen.push(copy);
      return { kind: 'ack' };
    };
    const quiet = async (copy: CloudEvent): Promise<HandlerOutcome> => {
      seen.push(copy);
      return { kind: 'ack' };
    };
    await bus.subscribe([
      subscription({ consumer: 'users', eventType: 'products.stock-reserved.v1', handle: vandal }),
      subscription({ consumer: 'orders', eventType: 'products.stock-reserved.v1', handle: quiet }),
    ]);

    await bus.publish(event, 1);

    expect(seen[1]).toEqual(event);
    expect(event.data.orderId).toBe(orderId);
  });
});
