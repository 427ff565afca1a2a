import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@trellis/lifecycle';
import { normaliseOptions } from './options.ts';
import { createTopology } from './topology.ts';

const required = { url: 'amqp://127.0.0.1', logger: createLogger('test', 'silent') };
const orderPlaced = { consumer: 'products', eventType: 'orders.order-placed.v1' } as const;

describe('names on the broker', () => {
  it('say who consumes what', () => {
    const topology = createTopology(normaliseOptions(required));

    expect(topology.exchange).toBe('trellis.events');
    expect(topology.queueOf(orderPlaced)).toBe('products.order-placed.v1');
    expect(topology.deadLetterQueueOf(orderPlaced)).toBe('products.order-placed.v1.dead-letter');
  });

  it('begin with the prefix, where there is one', () => {
    const topology = createTopology(
      normaliseOptions({ ...required, queuePrefix: 'blue.', retryDelaysMs: [20] }),
    );

    expect(topology.queueOf(orderPlaced)).toBe('blue.products.order-placed.v1');
    expect(topology.deadLetterQueueOf(orderPlaced)).toBe('blue.products.order-placed.v1.dead-letter');
    expect(topology.retryExchangeAfter(1)).toBe('blue.trellis.retry.20');
  });
});

describe('the pause before the next attempt', () => {
  it('is the delay for the number of attempts, and the last one from there on', () => {
    const topology = createTopology(normaliseOptions({ ...required, retryDelaysMs: [100, 2_000] }));

    expect([1, 2, 3, 9].map(topology.retryExchangeAfter)).toEqual([
      'trellis.retry.100',
      'trellis.retry.2000',
      'trellis.retry.2000',
      'trellis.retry.2000',
    ]);
  });
});
