import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@trellis/lifecycle';
import { normaliseOptions } from './options.ts';

const logger = createLogger('test', 'silent');

describe('the options of the RabbitMQ bus', () => {
  it('ask for a heartbeat, unless the URL does', () => {
    expect(normaliseOptions({ logger, url: 'amqps://broker/shop', heartbeatSeconds: 7 }).url).toBe(
      'amqps://broker/shop?heartbeat=7',
    );
    expect(normaliseOptions({ logger, url: 'amqp://broker?heartbeat=60' }).url).toBe(
      'amqp://broker?heartbeat=60',
    );
  });

  it.each(['', 'broker:5672', 'http://user:hunter2@broker', 'amqp://user:hunter2@'])(
    'refuse the URL %p in words that hold no password',
    (url) => {
      const normalising = () => normaliseOptions({ logger, url });

      expect(normalising).toThrow('must look like amqp://');
      expect(normalising).not.toThrow('hunter2');
    },
  );

  it('refuse to retry without a delay', () => {
    expect(() => normaliseOptions({ logger, url: 'amqp://broker', retryDelaysMs: [] })).toThrow(
      'at least one delay',
    );
  });
});
