import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { BrowseProductsDocument, createTrellisClient, RegisterDocument } from '@trellis/client';
import { describeWithServices } from '../../support/services.ts';
import { waitFor } from '../../support/wait-for.ts';
import { createCustomers } from '../support/customers.ts';
import { createPersistentClient, type RequestCounts } from '../support/request-log.ts';
import { comeToRest } from '../support/rest.ts';
import { prepareSagaInOneProcess } from '../support/saga-in-one-process.ts';
import { prepareSagaOverRabbitMq } from '../support/saga-over-rabbitmq.ts';
import type { Saga, SagaService } from '../support/saga.ts';

const sagas: Saga[] = [];
const clientCount = 8;

afterEach(async () => {
  await Promise.all(sagas.splice(0).map((saga) => saga.remove()));
});

interface Loaded {
  readonly saga: Saga;
  readonly service: SagaService;
  readonly url: string;
  readonly headers: () => Record<string, string>;
  readonly productId: string;
}

/** Has clients order as fast as they are answered, asks the service to stop in the middle of that, and counts what became of each request. */
async function stopUnderLoad({ saga, service, url, headers, productId }: Loaded) {
  const counts: RequestCounts = { answered: 0, refused: 0, dropped: [] };
  const orderIds = new Set<string>();
  const heard = (body: string): void => {
    const { data } = JSON.parse(body) as { data?: { placeOrder?: { order?: { id: string } | null } | null } };
    const id = data?.placeOrder?.order?.id;
    if (id !== undefined) orderIds.add(id);
  };
  const clients = Array.from({ length: clientCount }, () => createPersistentClient(counts, heard));
  const query = `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } } }`;
  const sending = clients.map((client) =>
    client.sendUntilUnanswered(() => {
      const input = { idempotencyKey: randomUUID(), lines: [{ productId, quantity: 1 }] };
      return { url, headers: headers(), body: JSON.stringify({ query, variables: { input } }) };
    }),
  );
  await waitFor('the load', () => counts.answered > 40, 30_000);
  const running = saga.processOf(service);
  running.child.kill('SIGTERM');
  const exitCode = await running.ended();
  await Promise.all(sending);
  clients.forEach((client) => client.stop());
  return { counts, exitCode, orderIds };
}

describeWithServices(
  ['postgres', 'rabbitmq'],
  'orders, told to stop while clients order, with PostgreSQL and RabbitMQ',
  ({ rabbitmq }) => {
    it('answers every request that it was sent, and keeps every order that it answered', async () => {
      const saga = await prepareSagaOverRabbitMq(rabbitmq);
      sagas.push(saga);
      await saga.start();
      const customers = createCustomers(saga, 'sigterm');
      await waitFor('the catalogue', async () => {
        await customers.open();
        return (await saga.reading().orders.query('select from catalogue')).length > 6;
      });
      const [product] = await saga.reading().products.query('select id from products limit 1');
      const buyer = { kind: 'user' as const, userId: randomUUID(), roles: ['CUSTOMER'] };

      const { counts, exitCode, orderIds } = await stopUnderLoad({
        saga,
        service: 'orders',
        url: saga.url('orders'),
        headers: () => saga.identityHeaders('orders', buyer),
        productId: String(product?.['id']),
      });

      expect(counts.dropped).toEqual([]);
      expect(counts.refused).toBe(clientCount);
      expect(exitCode).toBe(0);
      expect(orderIds.size).toBe(counts.answered);
      await comeToRest(saga, customers);
      const kept = await saga.reading().orders.query('select id from orders');
      expect(kept.map(({ id }) => String(id)).sort()).toEqual([...orderIds].sort());
    });
  },
);

describe('the embedded platform, told to stop while clients order through its gateway', () => {
  it('answers every request that it was sent, and keeps every order that it answered', async () => {
    const saga = await prepareSagaInOneProcess();
    sagas.push(saga);
    await saga.start();
    const client = createTrellisClient({ url: `${saga.gatewayUrl()}/graphql` });
    const { register } = await client.request(RegisterDocument, {
      input: { email: 'buyer@trellis.example', name: 'Grace Hopper', password: randomUUID() },
    });
    const { products } = await client.request(BrowseProductsDocument, {
      filter: { available: true },
      first: 1,
    });
    await client.stop();
    const customers = createCustomers(saga, 'sigterm');
    await waitFor('the catalogue', async () => {
      await customers.open();
      return (await saga.reading().orders.query('select from catalogue')).length > 6;
    });

    const { counts, exitCode, orderIds } = await stopUnderLoad({
      saga,
      service: 'orders',
      url: `${saga.gatewayUrl()}/graphql`,
      headers: () => ({ authorization: `Bearer ${register.session!.accessToken}` }),
      productId: products.nodes[0]!.id,
    });

    expect(counts.dropped).toEqual([]);
    expect(counts.refused).toBe(clientCount);
    expect(exitCode).toBe(0);
    expect(orderIds.size).toBe(counts.answered);
    await comeToRest(saga, customers);
    const kept = await saga.reading().orders.query('select id from orders');
    expect(kept.map(({ id }) => String(id)).sort()).toEqual([...orderIds].sort());
  });
});
