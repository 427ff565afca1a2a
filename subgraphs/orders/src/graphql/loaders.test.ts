import { expect, it } from '@jest/globals';
import { createLogger } from '@trellis/lifecycle';
import { graphql } from 'graphql';
import type { CustomerId, OrderId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import type { OrderStore } from '../application/order-store.ts';
import type { GraphQLContext, OrderServices } from './context.ts';
import { createLoaders } from './loaders.ts';
import { createSchema } from './schema.ts';

const customerId = '0b7f6d3e-6a35-4f0e-9a53-5d4b2a6c1e01' as CustomerId;
const placedAt = new Date('2026-06-01T12:00:00Z');
const order: Order = {
  id: '0b7f6d3e-6a35-4f0e-9a53-5d4b2a6c1e02' as OrderId,
  customerId,
  total: { amount: 4_999, currency: 'USD' },
  placedAt,
  expiresAt: placedAt,
  lastStep: { sequence: 1, state: { status: 'PENDING' }, occurredAt: placedAt },
};

it('reads no deeper once the request is gone', async () => {
  const gone = new AbortController();
  let reads = 0;
  const read = () => {
    reads++;
    if (reads === 2) gone.abort();
  };
  const store: Partial<OrderStore> = {
    async findMany() {
      read();
      return [order];
    },
    async listByCustomers() {
      read();
      const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
      return new Map([[customerId, { edges: [], nodes: [order], pageInfo }]]);
    },
    async items() {
      read();
      return new Map();
    },
    async timelines() {
      read();
      return new Map();
    },
  };
  const contextValue: GraphQLContext = {
    identity: { kind: 'user', userId: customerId, roles: ['CUSTOMER'] },
    correlationId: 'test',
    logger: createLogger('orders', 'silent'),
    signal: gone.signal,
    services: {} as OrderServices,
    loaders: createLoaders(store as OrderStore, gone.signal),
  };
  const deeper = (fields: string): string => `customer { orders { nodes { id ${fields} } } }`;

  const { errors } = await graphql({
    schema: createSchema(),
    source: `{ order(id: "${order.id}") { ${deeper(deeper(`items { name } timeline { status } ${deeper(deeper(''))}`))} } }`,
    contextValue,
  });

  expect(reads).toBe(2);
  expect(errors?.[0]?.extensions['code']).toBe('CLIENT_CLOSED_REQUEST');
});
