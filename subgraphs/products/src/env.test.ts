import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from './env.ts';

const required = { AMQP_URL: 'amqp://127.0.0.1' };
const production = {
  NODE_ENV: 'production',
  PRODUCTS_DATABASE_URL: 'postgres://products-database/products',
  PRODUCTS_GATEWAY_JWKS_URL: 'http://gateway:4000/.well-known/jwks.json',
};

describe("the products service's settings", () => {
  it('have a default for everything but the broker', () => {
    expect(readEnvironment(required)).toMatchObject({
      PRODUCTS_PORT: 4002,
      PRODUCTS_HOST: '127.0.0.1',
      PRODUCTS_DATABASE_URL: undefined,
      PRODUCTS_DATA_DIRECTORY: '.trellis/products',
      PRODUCTS_GATEWAY_JWKS_URL: 'http://127.0.0.1:4000/.well-known/jwks.json',
    });
    expect(() => readEnvironment({})).toThrow('AMQP_URL is required');
  });

  it.each([
    [{}, true],
    [{ NODE_ENV: 'test' }, true],
    [production, false],
    [{ ...production, PRODUCTS_SEED: 'true' }, true],
    [{ PRODUCTS_SEED: 'false' }, false],
  ])('with %p seed the catalogue: %p', (env, seeds) => {
    expect(readEnvironment({ ...required, ...env }).PRODUCTS_SEED).toBe(seeds);
  });

  it('name a database and a gateway in production', () => {
    expect(() => readEnvironment({ ...required, NODE_ENV: 'production' })).toThrow(
      /^.*\n.*PRODUCTS_DATABASE_URL is required.*\n.*PRODUCTS_GATEWAY_JWKS_URL is required.*$/,
    );
  });

  it('name every problem at once', () => {
    const read = () =>
      readEnvironment({
        PRODUCTS_PORT: 'http',
        PRODUCTS_SEED: 'yes',
        PRODUCTS_DATABASE_ULR: 'x',
        NODE_ENV: 'prod',
      });
    for (const name of ['PRODUCTS_PORT', 'PRODUCTS_SEED', 'PRODUCTS_DATABASE_ULR', 'NODE_ENV', 'AMQP_URL']) {
      expect(read).toThrow(name);
    }
  });
});
