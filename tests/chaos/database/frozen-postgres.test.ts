import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { waitFor } from '../../support/wait-for.ts';
import { describeWithPrivatePostgres } from '../support/private-postgres.ts';
import { createShoppers, expectNothingLost, type Shopper } from '../support/shoppers.ts';
import { watchCommits, type CommitWatch } from './commit-watch.ts';
import { startPostgresPlatform, type PostgresPlatform } from './postgres-platform.ts';

describeWithPrivatePostgres('a server that is frozen at the moment of a commit', (server) => {
  const shoppers = createShoppers();
  let platform: PostgresPlatform;
  let watch: CommitWatch;
  let shopper: Shopper;
  let productId: string;

  beforeAll(async () => {
    platform = await startPostgresPlatform(server, {
      changeUrl: async (url) => (watch = await watchCommits(url)).url,
      settings: { GATEWAY_SUBGRAPH_DEADLINE_MS: '1000' },
    });
    shopper = await shoppers.register(platform.gatewayUrl);
    productId = await shoppers.aProduct(shopper);
  });

  afterEach(() => server.thaw());

  afterAll(async () => {
    await shoppers.stop();
    await platform?.stop();
    await watch?.stop();
  });

  const ordersWithKey = async (key: string): Promise<readonly string[]> => {
    const { rows } = await platform.pools.orders.query<{ id: string }>(
      'select id from orders where idempotency_key = $1',
      [key],
    );
    return rows.map(({ id }) => id);
  };

  it.each([
    ['before', 'which had not reached it', 0],
    ['after', 'which it had done and could not say', 1],
  ] as const)('%s it (%s) leaves one order, found by the retry', async (moment, _what, ordersThen) => {
    const key = randomUUID();
    let committed: readonly string[] | undefined;
    const frozen = new Promise<void>((resolve) => {
      watch.onNextCommit(moment, 'orders', async () => {
        committed = await ordersWithKey(key);
        await server.freeze();
        resolve();
      });
    });

    const first = shopper.place(productId, key);
    await expect(first).rejects.toMatchObject({ codes: ['SUBREQUEST_TIMEOUT'] });
    await frozen;
    expect(committed).toHaveLength(ordersThen);
    await expect(shopper.place(productId, key)).rejects.toMatchObject({
      name: 'GraphQLRequestError',
    });

    await server.thaw();
    const id = await shopper.placeUntilAnswered(productId, key);
    expect(await ordersWithKey(key)).toEqual([id]);
    await waitFor(
      'health',
      async () => (await fetch(`${platform.gatewayUrl}/health/ready`)).status === 200,
      30_000,
    );
    await expectNothingLost(platform.reading, shoppers.acknowledged());
  });
});
