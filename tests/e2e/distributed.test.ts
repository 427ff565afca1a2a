import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { playStory, type StoryEvent } from '@trellis/platform';
import pg from 'pg';
import { describeWithServices } from '../support/services.ts';
import { waitFor } from '../support/wait-for.ts';
import { services, startDistributedPlatform, type DistributedPlatform } from './distributed-platform.ts';
import { followEvents } from './follow-events.ts';
import { raceForLastItems } from './last-items.ts';
import { placeOneOrder } from './place-one-order.ts';

const admin = { email: 'admin@trellis.example', password: 'correct horse battery' };

describeWithServices(
  ['postgres', 'rabbitmq', 'redis'],
  'the distributed platform, every service its own process',
  ({ rabbitmq, redis }) => {
    let platform: DistributedPlatform;

    beforeAll(async () => {
      platform = await startDistributedPlatform({ rabbitmq, redis });
      await platform.createAdmin(admin);
    }, 120_000);

    afterAll(() => platform?.remove(), 60_000);

    it.each(['websocket', 'sse'] as const)('plays the story, subscribed over %s', async (subscriptions) => {
      const told: StoryEvent[] = [];
      await playStory({
        gatewayUrl: platform.gatewayUrl,
        subscriptions,
        tell: (event) => told.push(event),
      });
      expect(told.filter((event) => event.kind === 'status').map((event) => event.status)).toEqual([
        'PENDING',
        'CONFIRMED',
        'PENDING',
        'REJECTED',
      ]);
    });

    it('gives the last 10 units to exactly 10 of 100 customers', async () => {
      const { gatewayUrl } = platform;
      const result = await raceForLastItems({ gatewayUrl, admin, customers: 100, units: 10 });
      expect(result).toEqual({
        orders: { CONFIRMED: 10, REJECTED: 90 },
        stock: { onHand: 10, reserved: 10, available: 0 },
      });
    }, 120_000);

    it('takes the correlation id of one request along to the last consumer of its events', async () => {
      const correlationId = `e2e-${randomUUID()}`;
      const followed = await followEvents(rabbitmq, platform.brokerPrefix);
      try {
        const { orderId } = await placeOneOrder(platform.gatewayUrl, { 'x-correlation-id': correlationId });

        const ofTheRequest = await waitFor('the events of the whole way', () => {
          const events = followed.events.filter((event) => event.correlationid === correlationId);
          return events.length === 4 ? events : undefined;
        });
        expect(ofTheRequest.map(({ type }) => type).sort()).toEqual([
          'orders.order-confirmed.v1',
          'orders.order-placed.v1',
          'products.stock-changed.v1',
          'products.stock-reserved.v1',
        ]);
        const confirmed = ofTheRequest.find(({ type }) => type === 'orders.order-confirmed.v1')!;
        expect(confirmed.subject).toBe(orderId);
        await waitFor('users to have counted the order, last of all', () =>
          isHandled(platform.databases.users, confirmed.id),
        );
      } finally {
        await followed.stop();
      }
    });

    it('shows each subgraph, its database and the broker on the readiness of the gateway', async () => {
      const readiness = (await (await fetch(`${platform.gatewayUrl}/health/ready`)).json()) as {
        checks: Record<string, { status: string; checks: object }>;
      };
      for (const service of services) {
        expect(readiness.checks[service]).toMatchObject({
          status: 'up',
          checks: { database: { status: 'up' }, broker: { status: 'up' } },
        });
      }
    });

    it('ends every process with code 0 when it is asked to stop', async () => {
      expect(await platform.stopProcesses()).toEqual([0, 0, 0, 0]);
    });
  },
);

/** Whether a consumer of the service with this database has done what it does for an event. */
async function isHandled(databaseUrl: string, eventId: string): Promise<boolean> {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    const { rowCount } = await database.query('select from inbox where event_id = $1', [eventId]);
    return rowCount === 1;
  } finally {
    await database.end();
  }
}
