import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RabbitMqBusOptions } from '@trellis/messaging';
import { orderCancelled, stockReserved } from '../../support/events.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';
import { describeWithServices } from '../../support/services.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { openTestBroker, type TestBroker } from '../../support/test-broker.ts';
import { waitFor } from '../../support/wait-for.ts';
import {
  connected,
  disconnected,
  listen,
  methodFrame,
  proxiedUrl,
  relay,
  reserved,
} from './rabbitmq-steps.ts';

describeWithServices(
  ['rabbitmq'],
  'the RabbitMQ bus when channels, queues or exchanges go',
  ({ rabbitmq }) => {
    let broker: TestBroker;
    let proxy: TcpProxy;

    beforeEach(async () => {
      broker = await openTestBroker(rabbitmq);
      proxy = await startTcpProxy(new URL(rabbitmq));
    });
    afterEach(async () => {
      await broker.dispose();
      await proxy.close();
    });

    const createProxiedBus = (options: Partial<RabbitMqBusOptions> = {}) =>
      broker.createBus({ url: proxiedUrl(rabbitmq, proxy), ...options });

    describe('what the broker takes away', () => {
      it('a channel that it closes alone is opened again', async () => {
        const { logger, lines } = createRecordingLogger();
        const bus = await createProxiedBus({ logger });
        const arrived = await listen(bus);

        // basic.ack of a delivery that never was, on the channel of either connection: 406, and only the channel goes.
        proxy.injectToServer(methodFrame(1, 60, 80, [0, 0, 0, 0, 0, 0, 39, 15, 0]));
        await waitFor('both channels to be closed', () => {
          return lines.filter((line) => line.includes('unknown delivery tag')).length >= 2;
        });

        const event = stockReserved();
        await relay(bus, event);
        await waitFor('the event', () => arrived.length === 1);
        expect(bus.status()).toEqual({ kind: 'connected' });
      });

      it('a queue that was deleted under its consumer is declared and consumed again', async () => {
        const { logger, lines } = createRecordingLogger();
        const bus = await createProxiedBus({ logger });
        const arrived = await listen(bus);

        await broker.channel.deleteQueue(broker.queueOf(reserved));

        await waitFor('the loss', () => lines.some((line) => line.includes('was it deleted?')));
        await connected(bus);
        const event = stockReserved();
        await relay(bus, event);
        await waitFor('the event', () => arrived.length === 1);
        expect(arrived).toEqual([event]);
      });

      it('a queue that was deleted before its consumer ever ran: publishing fails until it is declared again', async () => {
        const bus = await createProxiedBus();
        await broker.channel.deleteQueue(broker.queueOf(reserved));
        const event = stockReserved();

        await expect(bus.publish(event, 1)).rejects.toThrow('no queue takes "products.stock-reserved.v1"');
        await relay(bus, event);

        expect(
          (await broker.drain(broker.queueOf(reserved))).map(({ properties }) =>
            String(properties.messageId),
          ),
        ).toEqual([event.id]);
      });

      it('the exchange: publishing fails until it is declared again', async () => {
        const bus = await createProxiedBus();
        await broker.channel.deleteExchange(broker.exchange);
        const event = stockReserved();

        await expect(bus.publish(event, 1)).rejects.toThrow('did not confirm');
        await relay(bus, event);

        expect(await broker.drain(broker.queueOf(reserved))).toHaveLength(1);
      });

      it('the dead-letter queue: what is given up stays in hand until there is one again', async () => {
        const bus = await createProxiedBus();
        await listen(bus, () => ({ kind: 'dead-letter', reason: 'never' }));
        await broker.channel.deleteQueue(broker.deadLetterQueueOf(reserved));
        const event = stockReserved();

        await bus.publish(event, 1);

        await waitFor('the dead letter', async () => {
          await broker.channel.assertQueue(broker.deadLetterQueueOf(reserved), deadLetterArguments);
          return (await broker.drain(broker.deadLetterQueueOf(reserved))).length === 1;
        });
      });
    });

    describe('a queue that exists with other arguments', () => {
      it('is named in the log and the status of its consumer, whose process lives and consumes once it is gone', async () => {
        const queue = broker.queueOf(reserved);
        await broker.channel.assertQueue(queue, { durable: true });
        const { logger, lines } = createRecordingLogger();
        const bus = await createProxiedBus({ logger });

        const arrived = await listen(bus);

        const sentence = `queue "${queue}" exists on the broker with other arguments`;
        await disconnected(bus);
        expect(bus.status()).toMatchObject({ reason: expect.stringContaining(sentence) });
        expect(lines.join()).toContain(JSON.stringify(sentence).slice(1, -1));
        await broker.channel.deleteQueue(queue);
        await connected(bus);
        await relay(bus, stockReserved());
        await waitFor('the event', () => arrived.length === 1);
      });

      it('still takes what is published, so that one consumer in disorder stops nobody else', async () => {
        await broker.channel.assertQueue(broker.queueOf(reserved), { durable: true });
        const bus = await createProxiedBus();

        await bus.publish(stockReserved(), 1);
        await bus.publish(orderCancelled(), 1);

        expect(await broker.drain(broker.queueOf(reserved))).toHaveLength(1);
        const cancelled = { consumer: 'users', eventType: 'orders.order-cancelled.v1' } as const;
        expect(await broker.drain(broker.queueOf(cancelled))).toHaveLength(1);
      });
    });
  },
);

const deadLetterArguments = { arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000 } };
