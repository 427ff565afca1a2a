import { setTimeout as delay } from 'node:timers/promises';
import { queueName, type EventBinding } from '@trellis/event-contracts';
import type { Logger } from '@trellis/lifecycle';
import { connect, type ChannelModel, type ConfirmChannel, type GetMessage } from 'amqplib';
import { letterQueueOf, readLetter, type QueuedLetter } from './dead-letter.ts';
import { toReplay } from './hand-over.ts';
import { normaliseOptions, type RabbitMqBusOptions, type RabbitMqSettings } from './options.ts';
import { countMessages } from './queue-depths.ts';

/** What becomes of a dead letter that was looked at. */
export type LetterDecision = 'keep' | 'replay' | 'drop';

/** The dead-letter queues of an installation, for an operator. */
export interface DeadLetterQueues {
  /** The queues whose dead letters can be asked for, without the prefix: `products.order-placed.v1`. */
  readonly queues: readonly string[];
  /**
   * Shows each dead letter of a queue that was in it at the beginning, the oldest first, and does with it what `decide` answers. What is kept
   * is back in the queue when this resolves, and also when the process is killed: the broker is told of a message only when it is to be
   * removed. Until then nobody else sees what was shown.
   *
   * A letter is replayed to its own queue with no attempt counted, and removed when the broker has confirmed that it is there: a process that
   * is killed between the two leaves both, and the inbox of the consumer knows the second.
   * @throws when a letter cannot be replayed; it is kept then.
   */
  visit(queue: string, decide: (letter: QueuedLetter) => LetterDecision | 'stop'): Promise<void>;
  /** How many letters wait in a queue. */
  depth(queue: string): Promise<number>;
  stop(): Promise<void>;
}

export type DeadLetterQueuesOptions = Pick<RabbitMqBusOptions, 'url' | 'queuePrefix' | 'bindings'> & {
  readonly logger: Logger;
};

/** How long what was shown may take to be back. */
const backTimeoutMs = 5_000;

/** @throws Error when the URL is malformed or the broker cannot be reached. */
export async function openDeadLetterQueues(options: DeadLetterQueuesOptions): Promise<DeadLetterQueues> {
  const settings = normaliseOptions(options);
  const model = await connect(settings.url, { noDelay: true, timeout: settings.connectTimeoutMs });
  // Whatever is under way rejects with it; unheard, it would end the process.
  model.on('error', (error) => options.logger.debug({ err: error }, 'the connection to the broker failed'));
  const queues = settings.bindings.map((binding: EventBinding) => queueName(binding));
  const depth = async (queue: string): Promise<number> =>
    (await countMessages(model, letterQueueOf(queue, settings.queuePrefix))) ?? 0;
  return {
    queues,
    depth,
    async visit(queue, decide) {
      const messages = await depth(queue);
      if (messages === 0) return;
      const kept = await visitQueue(model, settings, { queue, messages }, decide);
      await untilBack(() => depth(queue), kept);
    },
    stop: () => model.close(),
  };
}

/** The broker takes a moment to put back what was shown; whoever looked again at once would find the queue empty. */
async function untilBack(depth: () => Promise<number>, kept: number): Promise<void> {
  const deadline = performance.now() + backTimeoutMs;
  // Not for ever: another operator may hold them by now.
  while (kept > 0 && performance.now() < deadline && (await depth()) < kept) await delay(20);
}

/** @returns how many were shown and kept. */
async function visitQueue(
  model: ChannelModel,
  { queuePrefix, confirmTimeoutMs }: RabbitMqSettings,
  { queue, messages }: { readonly queue: string; readonly messages: number },
  decide: Parameters<DeadLetterQueues['visit']>[1],
): Promise<number> {
  const channel = await model.createConfirmChannel();
  let failure: Error | undefined;
  let kept = 0;
  channel.on('error', (error: Error) => (failure = error));
  try {
    // No more than there were: what is given up meanwhile, a replayed letter perhaps, is not shown.
    for (let shown = 0; shown < messages; shown++) {
      if (failure !== undefined) throw failure;
      const message = await channel.get(letterQueueOf(queue, queuePrefix));
      if (message === false) return kept;
      kept += 1;
      const decision = decide(readLetter(message, queue));
      if (decision === 'stop') return kept;
      if (decision === 'replay') {
        await publishAgain(channel, message, queuePrefix + queue, confirmTimeoutMs);
      }
      if (decision === 'keep') continue;
      channel.ack(message);
      kept -= 1;
    }
    return kept;
  } finally {
    // Gives back, in their order, all that were not acknowledged; and flushes the acknowledgements before.
    if (failure === undefined) await channel.close();
  }
}

/** @throws when it is not known to be in its queue. */
async function publishAgain(
  channel: ConfirmChannel,
  message: GetMessage,
  queue: string,
  timeoutMs: number,
): Promise<void> {
  const { content, properties } = toReplay(message);
  let returned = false;
  const onReturn = (): void => void (returned = true);
  // One at a time, so that what is returned is this one; the return comes before the confirm.
  channel.once('return', onReturn);
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the broker did not confirm within ${timeoutMs} ms; nothing was removed`)),
        timeoutMs,
      );
      channel.publish(
        '',
        queue,
        content,
        { ...properties, persistent: true, mandatory: true },
        (error: unknown) => {
          clearTimeout(timer);
          if (error instanceof Error)
            reject(new Error(`the broker did not confirm: ${error.message}`, { cause: error }));
          else resolve();
        },
      );
    });
  } finally {
    channel.off('return', onReturn);
  }
  if (returned) throw new Error(`there is no queue "${queue}" to replay to: start its consumer first`);
}
