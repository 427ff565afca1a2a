import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { followOrder } from '@trellis/client';
import { waitFor } from '../../support/wait-for.ts';
import { describeWithPrivatePostgres } from '../support/private-postgres.ts';
import { createShoppers, expectNothingLost, type Shopper } from '../support/shoppers.ts';
import { startPostgresPlatform, type PostgresPlatform } from './postgres-platform.ts';

describeWithPrivatePostgres('all of Trellis on PostgreSQL', (server) => {
  const shoppers = createShoppers();
  let platform: PostgresPlatform;
  let productId: string;
  let customers: readonly Shopper[];

  beforeAll(async () => {
    platform = await startPostgresPlatform(server);
    customers = await Promise.all([1, 2, 3, 4].map(() => shoppers.register(platform.gatewayUrl)));
    productId = await shoppers.aProduct(customers[0]!);
  });

  afterAll(async () => {
    await shoppers.stop();
    await platform?.stop();
  });

  const answered = (): number => shoppers.acknowledged().orders.length;
  const nothingIsLost = () => expectNothingLost(platform.reading, shoppers.acknowledged());
  const readiness = async () => {
    const response = await fetch(`${platform.subgraphUrls.orders}/health/ready`);
    return { status: response.status, body: (await response.json()) as unknown };
  };
  const untilReady = () =>
    waitFor('orders to be ready', async () => (await readiness()).status === 200, 30_000);

  /** Places orders without a pause, until it is told to stop. */
  function keepOrdering(): () => Promise<void> {
    let goesOn = true;
    const ordering = customers.map(async (shopper) => {
      while (goesOn) await shopper.placeUntilAnswered(productId);
    });
    return async () => {
      goesOn = false;
      await Promise.all(ordering);
    };
  }

  it('loses nothing that was acknowledged when the server is killed under load, and is ready again by itself', async () => {
    const stopOrdering = keepOrdering();
    for (const _round of [1, 2]) {
      const before = answered();
      await waitFor('orders to be taken', () => answered() >= before + 20);
      await server.kill();
      expect((await readiness()).status).toBe(503);
      await server.start();
      await untilReady();
    }
    const before = answered();
    await waitFor('orders to be taken again', () => answered() >= before + 20, 30_000);
    await stopOrdering();

    await nothingIsLost();
  });

  it('tells every subscriber every step, in order, though the connections that listen are ended again and again', async () => {
    productId = await shoppers.aProduct(customers[0]!); // there may be none left of the other
    const orders = await Promise.all(
      Array.from({ length: 12 }, async (_each, index) => {
        const shopper = customers[index % customers.length]!;
        return { shopper, id: await shopper.placeUntilAnswered(productId) };
      }),
    );
    const heard = orders.map(async ({ shopper, id }) => {
      const statuses: string[] = [];
      for await (const { status } of followOrder(shopper.client, id, { afterSequence: 0 }))
        statuses.push(status);
      return statuses;
    });
    let ended = 0;
    for (const { shopper, id } of orders) {
      const { rowCount } = await platform.pools.orders.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'trellis-%' and (query ilike 'listen %' or query = 'select 1')`,
      );
      ended += rowCount ?? 0;
      // While nobody listens: what wakes the subscriber is lost.
      expect(await shopper.cancelUntilAnswered(id)).toBe(true);
    }

    const told = await Promise.all(heard);
    expect(ended).toBeGreaterThan(0);
    for (const statuses of told) {
      expect([
        ['PENDING', 'CONFIRMED', 'CANCELLED'],
        ['PENDING', 'CANCELLED'],
      ]).toContainEqual(statuses);
    }
    await nothingIsLost();
  });

  it('answers that it cannot while every connection of the pool is held up, says so in its health, and recovers', async () => {
    const blocker = await platform.pools.orders.connect();
    await blocker.query('begin; lock table orders in access exclusive mode');
    // More than the pool has: some get a connection and wait for the table, the others wait for a connection.
    const waiting = Array.from({ length: 14 }, (_each, index) =>
      customers[index % customers.length]!.place(productId),
    );
    const outcomes = Promise.allSettled(waiting);
    const refusal = await Promise.race(
      waiting.map((one) =>
        one.then(
          () => undefined,
          (error: unknown) => error,
        ),
      ),
    );

    expect(refusal).toMatchObject({
      name: 'GraphQLRequestError',
      codes: ['SERVICE_UNAVAILABLE'],
      message: 'The service cannot answer at the moment. Try again later.',
    });
    expect(await readiness()).toMatchObject({
      status: 503,
      body: { checks: { database: { status: 'down' } } },
    });

    await blocker.query('rollback');
    blocker.release();
    await untilReady();
    for (const outcome of await outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ codes: ['SERVICE_UNAVAILABLE'] });
    await customers[0]!.place(productId);
    await nothingIsLost();
  });
});
