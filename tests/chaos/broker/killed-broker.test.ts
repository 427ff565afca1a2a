import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createLogger } from '@trellis/lifecycle';
import { createRabbitMqBus, type MessageBus } from '@trellis/messaging';
import { createGate } from '../../integration/rabbitmq/rabbitmq-steps.ts';
import { stockReserved } from '../../support/events.ts';
import { describeWithServices } from '../../support/services.ts';
import { testBindings } from '../../support/test-broker.ts';
import { waitFor } from '../../support/wait-for.ts';
import { describeWithPrivateRabbitMq } from '../support/private-rabbitmq.ts';
import { openEventFlow, type EventFlow } from './event-flow.ts';
import { depths } from './queue-depths.ts';

describeWithServices(['postgres'], 'a broker that is killed', () => {
  describeWithPrivateRabbitMq('under load', (node) => {
    let flow: EventFlow;
    const buses: MessageBus[] = [];
    /** Where handlers wait that have done their work and not yet said so. */
    let gate = createGate();

    beforeEach(async () => {
      flow = await openEventFlow();
    });
    afterEach(async () => {
      gate.open();
      await Promise.all(buses.splice(0).map((bus) => bus.stop()));
      await flow.stop();
    });

    async function createBus(): Promise<MessageBus> {
      const bus = await createRabbitMqBus({
        url: node.url,
        logger: createLogger('test', 'silent'),
        bindings: testBindings,
        maxReconnectDelayMs: 200,
        // Short, so that what the killed broker did not confirm is soon published again.
        confirmTimeoutMs: 1_000,
      });
      buses.push(bus);
      return bus;
    }

    it('loses nothing when it is started again: every event arrives, and takes effect once', async () => {
      const confirmed: string[] = [];
      const publishing = await createBus();
      await flow.relayTo({
        ...publishing,
        async publish(event, attempt) {
          await publishing.publish(event, attempt);
          confirmed.push(event.id);
        },
      });
      let deliveries = 0;
      await flow.consumeFrom(await createBus(), async () => {
        deliveries += 1;
        await gate.passed;
      });
      await node.keepQueues();
      const committed: string[] = [];
      const commitMore = async (count: number): Promise<void> => {
        for (let batch = 0; batch < count; batch += 50) {
          const events = Array.from({ length: 50 }, () => stockReserved());
          await flow.commit(events);
          committed.push(...events.map(({ id }) => id));
        }
      };

      for (const kill of [1, 2]) {
        gate = createGate();
        const before = deliveries;
        const load = commitMore(1_000);
        // They have taken effect by then, and cannot be acknowledged: they will come again.
        await waitFor(`deliveries in hand before kill ${kill}`, () => deliveries > before);
        await waitFor(`half of the load before kill ${kill}`, () => confirmed.length > committed.length / 2);
        await node.kill();
        gate.open();
        await load;
        await node.start();
      }
      await commitMore(200);

      await waitFor('every event', async () => (await flow.effects()).length >= committed.length, 60_000);
      await waitFor('an empty outbox', async () => (await flow.unsent()).length === 0);
      await waitFor('empty queues', async () =>
        [...(await depths(node)).values()].every((depth) => depth === 0),
      );
      expect((await flow.effects()).toSorted()).toEqual(committed.toSorted());
      expect(deliveries).toBeGreaterThan(committed.length);
      expect(new Set(confirmed)).toEqual(new Set(committed));
    });
  });
});
