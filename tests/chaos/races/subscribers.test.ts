import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTrellisClient, followOrder, type TrellisClient } from '@trellis/client';
import { describeWithServices } from '../../support/services.ts';
import { waitFor } from '../../support/wait-for.ts';
import { createShoppers, expectNothingLost, type Shopper } from '../support/shoppers.ts';
import { startReplicas, type Replicas } from './replicas.ts';

describeWithServices(
  ['postgres', 'rabbitmq'],
  'subscribers at three gateways before two replicas of every service',
  ({ rabbitmq }) => {
    const shoppers = createShoppers();
    const clients: TrellisClient[] = [];
    let replicas: Replicas;
    let shopper: Shopper;
    let productId: string;

    beforeAll(async () => {
      replicas = await startReplicas({ rabbitmq, gateways: 3 });
      shopper = await shoppers.register(replicas.gateways[0]!.url);
      productId = await shoppers.aProduct(shopper);
    });

    afterAll(async () => {
      await Promise.all(clients.map((client) => client.stop()));
      await shoppers.stop();
      await replicas?.stop();
    }, 60_000);

    function clientAt(gateway: number, subscriptions: 'websocket' | 'sse'): TrellisClient {
      const client = createTrellisClient({
        url: `${replicas.gateways[gateway]!.url}/graphql`,
        token: () => shopper.accessToken,
        subscriptions,
        reconnectAttempts: 30,
      });
      clients.push(client);
      return client;
    }

    /** Follows an order from its beginning at every gateway, over both transports. */
    function followEverywhere(orderId: string): {
      readonly heard: Promise<readonly Heard[]>;
      count(): number;
    } {
      let count = 0;
      const heard = replicas.gateways.flatMap((_gateway, index) =>
        (['websocket', 'sse'] as const).map(async (transport): Promise<Heard> => {
          const steps: string[] = [];
          const following = followOrder(clientAt(index, transport), orderId, {
            afterSequence: 0,
            attempts: 30,
          });
          for await (const { sequence, status } of following) {
            steps.push(`${sequence} ${status}`);
            count += 1;
          }
          return { at: `${transport} at gateway ${index}`, steps };
        }),
      );
      return { heard: Promise.all(heard), count: () => count };
    }

    const wholeLives = [
      ['1 PENDING', '2 CONFIRMED', '3 CANCELLED'],
      ['1 PENDING', '2 CANCELLED'],
    ];

    it.each([
      ['nothing breaks', async () => undefined],
      [
        'connections to the gateways break again and again',
        async () => {
          for (let round = 0; round < 6; round++) {
            const { proxy } = replicas.gateways[round % 3]!;
            await waitFor('subscribers to be there', () => proxy.connections() > 0);
            proxy.cut();
          }
        },
      ],
      [
        'a gateway is gone for a while',
        async () => {
          await replicas.gateways[1]!.proxy.refuse();
          await shopper.placeUntilAnswered(productId);
          await replicas.gateways[1]!.proxy.accept();
        },
      ],
      [
        'a replica of orders is killed, and then the other',
        async () => {
          await replicas.killOrders(0);
          await replicas.startOrders(0);
          await replicas.killOrders(1);
          await replicas.startOrders(1);
        },
      ],
    ])('hear every step once and in order when %s', async (_what, fault) => {
      const orders: string[] = [];
      const followed: ReturnType<typeof followEverywhere>[] = [];
      const follow = async () => {
        const id = await shopper.placeUntilAnswered(productId);
        orders.push(id);
        followed.push(followEverywhere(id));
      };
      for (let order = 0; order < 5; order++) await follow();
      const breaking = fault();
      // Steps while it breaks and after.
      for (const id of orders.slice(0, 3)) await shopper.cancelUntilAnswered(id);
      await follow();
      await breaking;
      for (const id of orders.slice(3)) await shopper.cancelUntilAnswered(id);

      for (const { heard } of followed) {
        const everyone = await heard;
        expect(wholeLives).toContainEqual(everyone[0]!.steps);
        // All hear the same life of the order.
        for (const { at, steps } of everyone)
          expect({ at, steps }).toEqual({ at, steps: everyone[0]!.steps });
      }
      await expectNothingLost(replicas.reading, shoppers.acknowledged());
    });
  },
);

/** What a subscriber was told, and which one it is. */
interface Heard {
  readonly at: string;
  readonly steps: readonly string[];
}
