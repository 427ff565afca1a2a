import { deadLetterQueueName, queueName, type EventBinding } from '@trellis/event-contracts';
import { createLogger } from '@trellis/lifecycle';
import { createRabbitMqBus, type MessageBus, type RabbitMqBusOptions } from '@trellis/messaging';
import { connect, type ConfirmChannel, type GetMessage, type Options } from 'amqplib';
import { uniquePrefix } from './services.ts';

/** A corner of the test broker that belongs to one test: its own exchange, queues and buses, all removed by `dispose`. */
export interface TestBroker {
  readonly exchange: string;
  readonly queuePrefix: string;
  readonly url: string;
  /** A channel beside the buses, to look and to interfere. */
  readonly channel: ConfirmChannel;
  createBus(options?: Partial<RabbitMqBusOptions>): Promise<MessageBus>;
  queueOf(binding: EventBinding): string;
  deadLetterQueueOf(binding: EventBinding): string;
  /** Puts a message into a queue, as a stranger would. */
  put(queue: string, content: string | Buffer, options?: Options.Publish): Promise<void>;
  /** Takes everything out of a queue. */
  drain(queue: string): Promise<GetMessage[]>;
  dispose(): Promise<void>;
}

/** What a test's buses declare and bind, where it says nothing else. */
export const testBindings: readonly EventBinding[] = [
  { consumer: 'products', eventType: 'orders.order-cancelled.v1' },
  { consumer: 'users', eventType: 'orders.order-cancelled.v1' },
  { consumer: 'orders', eventType: 'products.stock-reserved.v1' },
];

const retryDelayMs = 20;

/** Opens a corner of the broker at `url`. */
export async function openTestBroker(url: string): Promise<TestBroker> {
  const prefix = uniquePrefix();
  const exchange = `${prefix}.events`;
  const queuePrefix = `${prefix}.`;
  const connection = await connect(url);
  const channel = await connection.createConfirmChannel();
  const buses: MessageBus[] = [];
  const queueOf = (binding: EventBinding) => queuePrefix + queueName(binding);
  const deadLetterQueueOf = (binding: EventBinding) => deadLetterQueueName(queueOf(binding));

  return {
    exchange,
    queuePrefix,
    url,
    channel,
    queueOf,
    deadLetterQueueOf,
    async createBus(options = {}) {
      const bus = await createRabbitMqBus({
        url,
        exchange,
        queuePrefix,
        bindings: testBindings,
        retryDelaysMs: [retryDelayMs],
        maxReconnectDelayMs: 200,
        logger: createLogger('test', 'silent'),
        ...options,
      });
      buses.push(bus);
      return bus;
    },
    async put(queue, content, options = {}) {
      channel.sendToQueue(queue, Buffer.from(content), options);
      await channel.waitForConfirms();
    },
    async drain(queue) {
      const messages: GetMessage[] = [];
      for (;;) {
        const message = await channel.get(queue, { noAck: true });
        if (message === false) return messages;
        messages.push(message);
      }
    },
    async dispose() {
      await Promise.all(buses.map((bus) => bus.stop()));
      const retry = `${queuePrefix}trellis.retry.${retryDelayMs}`;
      const queues = [
        ...testBindings.flatMap((binding) => [queueOf(binding), deadLetterQueueOf(binding)]),
        retry,
      ];
      const cleaning = await connection.createChannel();
      for (const queue of queues) await cleaning.deleteQueue(queue);
      for (const name of [exchange, retry]) await cleaning.deleteExchange(name);
      await connection.close();
    },
  };
}
