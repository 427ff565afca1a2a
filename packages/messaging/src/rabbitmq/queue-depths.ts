import type { ChannelModel } from 'amqplib';
import type { DeadLetterDepth } from '../message-bus.ts';

/**
 * How many messages wait in each queue; a queue that is not there has none. Those that somebody holds unacknowledged at the moment are
 * not counted: AMQP does not tell of them.
 */
export async function readDepths(
  model: ChannelModel,
  queues: readonly string[],
): Promise<readonly DeadLetterDepth[]> {
  // Side by side, on a channel each: the broker closes the channel on which it is asked for a queue that is not there.
  return Promise.all(
    queues.map(async (queue) => ({ queue, messages: (await countMessages(model, queue)) ?? 0 })),
  );
}

/** How many messages wait in a queue; undefined when there is no such queue. */
export async function countMessages(model: ChannelModel, queue: string): Promise<number | undefined> {
  const channel = await model.createChannel();
  // The question that fails rejects as well and is dealt with there; unheard, this event would end the process.
  channel.on('error', () => undefined);
  try {
    const { messageCount } = await channel.checkQueue(queue);
    await channel.close();
    return messageCount;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 404) return undefined;
    throw error;
  }
}
