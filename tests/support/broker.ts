import { deadLetterQueueName, knownBindings, queueName } from '@trellis/event-contracts';
import { connect } from 'amqplib';

/** Pauses between attempts, as the bus has them where nothing else is said. */
const retryDelaysMs = [1_000, 5_000, 30_000, 120_000, 600_000];

/** Removes what services that ran with an `AMQP_PREFIX` have declared on the test broker. */
export async function removeFromBroker(url: string, prefix: string): Promise<void> {
  const connection = await connect(url);
  const channel = await connection.createChannel();
  const retries = retryDelaysMs.map((delay) => `${prefix}trellis.retry.${delay}`);
  for (const binding of knownBindings) {
    await channel.deleteQueue(prefix + queueName(binding));
    await channel.deleteQueue(deadLetterQueueName(prefix + queueName(binding)));
  }
  for (const name of retries) {
    await channel.deleteQueue(name);
    await channel.deleteExchange(name);
  }
  await channel.deleteExchange(`${prefix}trellis.events`);
  await connection.close();
}
