import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { CloudEvent } from '@trellis/event-contracts';
import { subscription } from '@trellis/messaging';
import { connected, disconnected, listen, reserved } from '../../integration/rabbitmq/rabbitmq-steps.ts';
import { orderCancelled, stockReserved } from '../../support/events.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';
import { describeWithServices } from '../../support/services.ts';
import { openTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { waitFor } from '../../support/wait-for.ts';

describeWithServices(['rabbitmq'], 'a queue that exists with other arguments', ({ rabbitmq }) => {
  let broker: TestBroker;

  beforeEach(async () => {
    broker = await openTestBroker(rabbitmq);
    await broker.channel.assertQueue(broker.queueOf(reserved), { durable: true });
  });
  afterEach(() => broker.dispose());

  it('keeps no other queue of the same process from being consumed, and is consumed once it is as declared', async () => {
    const { logger, lines } = createRecordingLogger();
    const bus = await broker.createBus({ logger });
    const cancelled: CloudEvent[] = [];
    const arrived = await listen(bus);
    await bus.subscribe([
      subscription({
        consumer: 'users',
        eventType: 'orders.order-cancelled.v1',
        async handle(event) {
          cancelled.push(event);
          return { kind: 'ack' };
        },
      }),
    ]);

    await disconnected(bus);
    const sentence = `queue "${broker.queueOf(reserved)}" exists on the broker with other arguments`;
    expect(bus.status()).toMatchObject({ reason: expect.stringContaining(sentence) });
    const events = [orderCancelled(), orderCancelled()];
    for (const event of events) await bus.publish(event, 1);
    await waitFor('the events of the other queue', () => cancelled.length === events.length);
    expect(
      lines.filter((line) => line.includes('"level":50') && line.includes('one queue is not')),
    ).toHaveLength(1);

    await broker.channel.deleteQueue(broker.queueOf(reserved));
    await connected(bus);
    await bus.publish(stockReserved(), 1);
    await waitFor('an event of the queue', () => arrived.length === 1);
    expect(cancelled).toEqual(events);
  });
});
