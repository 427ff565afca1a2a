import { deadLetterQueueName, knownBindings, queueName } from '@trellis/event-contracts';
import { connect } from 'amqplib';

/** Pauses between attempts, as the bus has them where nothing else is said. */
const retryDelaysMs = [1_000, 5_000, 30_000, 120_000, 600_000];

/** How many messages wait in each queue of the installation; those that a consumer has in hand are not counted. */
export async function readBroker(url: string): Promise<{ queue: string; messages: number }[]> {
  const queues = [
    ...knownBindings.flatMap((binding) => [queueName(binding), deadLetterQueueName(queueName(binding))]),
    ...retryDelaysMs.map((delay) => `trellis.retry.${delay}`),
  ];
  const connection = await connect(url);
  try {
    const channel = await connection.createChannel();
    const depths: { queue: string; messages: number }[] = [];
    for (const queue of queues) {
      const { messageCount } = await channel.checkQueue(queue);
      depths.push({ queue, messages: messageCount });
    }
    return depths;
  } finally {
    await connection.close();
  }
}
