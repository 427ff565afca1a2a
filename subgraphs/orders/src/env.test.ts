import { expect, it } from '@jest/globals';
import { readEnvironment } from './env.ts';

it('needs nothing but the broker to start', () => {
  expect(readEnvironment({ AMQP_URL: 'amqp://broker' })).toMatchObject({
    ORDERS_PORT: 4003,
    ORDERS_PENDING_SECONDS: 900,
  });
});

it('lists every setting that does not fit', () => {
  const read = () => readEnvironment({ ORDERS_PORT: 'http', ORDERS_PENDING_SECONDS: '0', ORDERS_PROT: '1' });

  expect(read).toThrow(/ORDERS_PORT.*\n.*ORDERS_PENDING_SECONDS.*\n.*AMQP_URL.*\n.*ORDERS_PROT/);
});

it('starts in production only with a database and a gateway of its own', () => {
  const read = () => readEnvironment({ AMQP_URL: 'amqp://broker', NODE_ENV: 'production' });

  expect(read).toThrow(/^.*\n.*ORDERS_DATABASE_URL is required.*\n.*ORDERS_GATEWAY_JWKS_URL is required.*$/);
});
