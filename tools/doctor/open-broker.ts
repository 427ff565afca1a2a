import { deadLetterQueueName, knownBindings, queueName } from '@trellis/event-contracts';
import { usualRetryDelaysMs } from '@trellis/messaging';
import { connect, type ChannelModel } from 'amqplib';
import type { BrokerReader } from '../../tests/chaos/invariants.ts';
import { UnreadableError } from './opened.ts';

/** A broker that is open to be read. */
export interface OpenedBroker {
  readonly reader: BrokerReader;
  readonly where: string;
  close(): Promise<void>;
}

/**
 * Opens RabbitMQ to count what waits in the queues of an installation; what a consumer has in hand at the moment is not counted.
 * @param prefix of the names of its queues.
 * @throws UnreadableError when it does not answer.
 */
export async function openBroker(url: string, prefix: string): Promise<OpenedBroker> {
  let connection: ChannelModel;
  try {
    connection = await connect(url, { timeout: 5_000 });
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    throw new UnreadableError(`AMQP_URL: the broker does not answer: ${message || code}`, { cause: error });
  }
  connection.on('error', () => undefined); // what is under way rejects with it
  const { hostname, port, pathname } = new URL(url);
  return {
    where: `RabbitMQ, ${hostname}${port && `:${port}`}${pathname}${prefix && ` (${prefix}…)`}`,
    reader: {
      async depths() {
        const depths = [];
        for (const queue of queuesOf(prefix))
          depths.push({ queue, messages: await count(connection, queue) });
        return depths;
      },
    },
    close: () => connection.close(),
  };
}

function queuesOf(prefix: string): string[] {
  return [
    ...knownBindings.flatMap((binding) => {
      const queue = prefix + queueName(binding);
      return [queue, deadLetterQueueName(queue)];
    }),
    ...usualRetryDelaysMs.map((delay) => `${prefix}trellis.retry.${delay}`),
  ];
}

/** On a channel of its own, because the broker closes the channel on which a queue is asked for that is not there. */
async function count(connection: ChannelModel, queue: string): Promise<number> {
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined); // the question rejects with it
    const { messageCount } = await channel.checkQueue(queue);
    await channel.close();
    return messageCount;
  } catch (error) {
    const { code, message } = error as { readonly code?: number; readonly message: string };
    const advice =
      code === 404
        ? '; the services declare it when they start, so is AMQP_PREFIX the one that they have?'
        : '';
    throw new UnreadableError(`AMQP_URL: the queue ${queue} cannot be read: ${message}${advice}`, {
      cause: error,
    });
  }
}
