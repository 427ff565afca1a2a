import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { raceForLastItems } from '../../e2e/last-items.ts';
import { describeWithServices } from '../../support/services.ts';
import { waitFor } from '../../support/wait-for.ts';
import { createShoppers, expectNothingLost, type Shopper } from '../support/shoppers.ts';
import { startReplicas, type Replicas } from './replicas.ts';

describeWithServices(['postgres', 'rabbitmq'], 'two replicas of every service', ({ rabbitmq }) => {
  describe('taking part at once', () => {
    const shoppers = createShoppers();
    let replicas: Replicas;
    let shopper: Shopper;
    let productId: string;

    beforeAll(async () => {
      replicas = await startReplicas({ rabbitmq, gateways: 1 });
      shopper = await shoppers.register(replicas.gateways[0]!.url);
      productId = await shoppers.aProduct(shopper);
    });

    afterEach(() => expectNothingLost(replicas.reading, shoppers.acknowledged()), 40_000);

    afterAll(async () => {
      await shoppers.stop();
      await replicas?.stop();
    }, 60_000);

    it('make one order of fifty equal requests', async () => {
      const key = randomUUID();
      const ids = await Promise.all(Array.from({ length: 50 }, () => shopper.place(productId, key)));

      expect(new Set(ids).size).toBe(1);
      const rows = await replicas.reading.orders.query(
        `select id from orders where idempotency_key = '${key}'`,
      );
      expect(rows).toEqual([{ id: ids[0] }]);
    });

    it('give the last 10 units to exactly 10 of 100 customers', async () => {
      const account = replicas.accounts.find(({ email }) => email.startsWith('admin'))!;
      const admin = { email: account.email, password: account.password! };
      const gatewayUrl = replicas.gateways[0]!.url;
      expect(await raceForLastItems({ gatewayUrl, admin, customers: 100, units: 10 })).toEqual({
        orders: { CONFIRMED: 10, REJECTED: 90 },
        stock: { onHand: 10, reserved: 10, available: 0 },
      });
    });

    it('let a cancellation and the answer about the stock exclude each other, and give back what is not wanted', async () => {
      const placed = Array.from({ length: 40 }, async (_each, index) => {
        // Every fourth is more than there is.
        const id = await shopper.placeUntilAnswered(productId, randomUUID(), index % 4 === 0 ? 1_000 : 1);
        return { id, isCancelled: await shopper.cancelUntilAnswered(id) };
      });
      const orders = await Promise.all(placed);

      const ids = orders.map(({ id }) => `'${id}'`).join(', ');
      const steps = await replicas.reading.orders.query(
        `select order_id as id, string_agg(sequence || ' ' || status, ', ' order by sequence) as life
         from order_events where order_id in (${ids}) group by order_id`,
      );
      const lives = new Map(steps.map(({ id, life }) => [id, life]));
      for (const { id, isCancelled } of orders) {
        const possible = isCancelled
          ? ['1 PENDING, 2 CANCELLED', '1 PENDING, 2 CONFIRMED, 3 CANCELLED']
          : ['1 PENDING, 2 REJECTED'];
        expect(possible).toContain(lives.get(id));
      }
    });
  });

  describe('whose orders expire after a second', () => {
    const shoppers = createShoppers();
    let replicas: Replicas;

    beforeAll(async () => {
      replicas = await startReplicas({ rabbitmq, gateways: 1, pendingSeconds: 1 });
    });

    afterAll(async () => {
      await shoppers.stop();
      await replicas?.stop();
    }, 60_000);

    it('let expiry and the answer about the stock exclude each other, and give back what came too late', async () => {
      const shopper = await shoppers.register(replicas.gateways[0]!.url);
      const productId = await shoppers.aProduct(shopper);
      const countOf = async (status: string): Promise<number> => {
        const [row] = await replicas.reading.orders.query(
          `select count(*)::int as orders from orders where status = '${status}'`,
        );
        return Number(row!['orders']);
      };
      const before = await countOf('CONFIRMED');
      await replicas.stopProducts();
      let goesOn = true;
      const ordering = Promise.all(
        [1, 2, 3].map(async () => {
          while (goesOn) await shopper.placeUntilAnswered(productId);
        }),
      );

      // The deadlines of orders pass one after another while products takes up what waits for it.
      await waitFor('the first to expire', async () => (await countOf('EXPIRED')) > 0);
      await replicas.startProducts();
      await waitFor('some to be confirmed', async () => (await countOf('CONFIRMED')) > before);
      goesOn = false;
      await ordering;

      await waitFor('all to have ended', async () => (await countOf('PENDING')) === 0, 30_000);
      const lives = await replicas.reading.orders.query(
        `select distinct life from (select string_agg(status, ' ' order by sequence) as life from order_events group by order_id) as lives`,
      );
      for (const { life } of lives)
        expect(['PENDING CONFIRMED', 'PENDING EXPIRED', 'PENDING REJECTED']).toContain(life);
      await expectNothingLost(replicas.reading, shoppers.acknowledged());
    });
  });
});
