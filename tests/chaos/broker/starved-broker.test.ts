import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  connected,
  createGate,
  disconnected,
  listen,
  reserved,
} from '../../integration/rabbitmq/rabbitmq-steps.ts';
import { orderCancelled, stockReserved } from '../../support/events.ts';
import { describeWithServices } from '../../support/services.ts';
import { openTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { waitFor } from '../../support/wait-for.ts';
import { describeWithPrivateRabbitMq } from '../support/private-rabbitmq.ts';
import { openEventFlow, type EventFlow } from './event-flow.ts';
import { depths } from './queue-depths.ts';

describeWithPrivateRabbitMq('a broker that runs short', (node) => {
  let broker: TestBroker;
  /** Where the handler waits that keeps events in hand. */
  let gate: ReturnType<typeof createGate>;

  beforeEach(async () => {
    gate = createGate();
    broker = await openTestBroker(node.url);
  });
  afterEach(async () => {
    gate.open();
    await broker.dispose();
  });

  describe('of memory', () => {
    const starve = () => node.control('set_vm_memory_high_watermark', 'absolute', '1');
    const feed = () => node.control('set_vm_memory_high_watermark', '0.4');

    afterEach(async () => {
      await feed();
    });

    it('refuses what is published, lets consumers work, and takes everything again when it has recovered', async () => {
      const bus = await broker.createBus({ confirmTimeoutMs: 500 });
      const arrived = await listen(bus, async () => {
        await gate.passed;
        return { kind: 'ack' };
      });
      const waiting = Array.from({ length: 100 }, () => stockReserved());
      await Promise.all(waiting.map((event) => bus.publish(event, 1)));
      const event = stockReserved();

      await starve();
      await expect(bus.publish(event, 1)).rejects.toThrow('did not confirm');
      await disconnected(bus);
      expect(bus.status()).toMatchObject({ reason: expect.stringContaining('low on memory') });
      await expect(bus.publish(event, 1)).rejects.toThrow('takes no messages');
      gate.open();
      await waitFor('all that waited to be acknowledged', async () => {
        return (await depths(node)).get(broker.queueOf(reserved)) === 0;
      });
      const ids = () => arrived.map(({ id }) => id);
      expect(ids().toSorted()).toEqual(waiting.map(({ id }) => id).toSorted());

      await feed();
      await connected(bus);
      await bus.publish(event, 1);
      await waitFor('the event', () => ids().includes(event.id));
    });
  });
});

describeWithServices(['postgres'], 'an outbox before a broker', () => {
  describeWithPrivateRabbitMq('that does not take everything', (node) => {
    let broker: TestBroker;
    let flow: EventFlow;

    beforeEach(async () => {
      broker = await openTestBroker(node.url);
      flow = await openEventFlow();
    });
    afterEach(async () => {
      await broker.dispose();
      await flow.stop();
    });

    it('keeps what a full queue refuses, lets other events pass it, and loses nothing', async () => {
      const room = 10;
      await node.control(
        'set_policy',
        'full',
        `^${broker.queueOf(reserved)}$`,
        `{"max-length":${room}}`,
        '--apply-to',
        'queues',
      );
      const publishing = await broker.createBus();
      await flow.relayTo(publishing);
      const events = Array.from({ length: 200 }, () => stockReserved());
      const other = orderCancelled();

      await flow.commit([...events, other]);

      await waitFor('a refusal', async () => {
        const unsent = await flow.unsent();
        // The broker may take a while to act on its policy: what the queue still took calls for more.
        if (unsent.length === 0) {
          const more = Array.from({ length: 200 }, () => stockReserved());
          events.push(...more);
          await flow.commit(more);
        }
        return unsent.length > 0 && unsent.every(({ lastError }) => lastError?.includes('did not confirm'));
      });
      const unsent = (await flow.unsent()).map(({ eventId }) => eventId);
      expect(unsent).not.toContain(other.id);
      const kept = (await broker.drain(broker.queueOf({ consumer: 'users', eventType: other.type }))).map(
        ({ properties }) => String(properties.messageId),
      );
      expect(kept).toEqual([other.id]);

      await flow.consumeFrom(await broker.createBus());
      await waitFor('an empty outbox', async () => (await flow.unsent()).length === 0, 60_000);
      await waitFor('every event', async () => (await flow.effects()).length >= events.length);
      expect((await flow.effects()).toSorted()).toEqual(events.map(({ id }) => id).toSorted());
      expect(await broker.drain(broker.deadLetterQueueOf(reserved))).toEqual([]);
    });

    it('keeps an event whose queue is gone until there is one again', async () => {
      const bus = await broker.createBus();
      await broker.channel.deleteQueue(broker.queueOf(reserved));
      const event = stockReserved();
      let refusals = 0;
      await flow.relayTo({
        ...bus,
        async publish(published, attempt) {
          try {
            await bus.publish(published, attempt);
          } catch (error) {
            if (String(error).includes('no queue takes')) refusals += 1;
            throw error;
          }
        },
      });

      await flow.commit([event]);

      await waitFor('an empty outbox', async () => refusals > 0 && (await flow.unsent()).length === 0);
      const [message] = await broker.drain(broker.queueOf(reserved));
      expect(message?.properties.messageId).toBe(event.id);
    });
  });
});
