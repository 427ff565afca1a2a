import { deadLetterQueueName, queueName, type EventBinding } from '@trellis/event-contracts';
import type { Channel, ChannelModel, Options } from 'amqplib';
import type { RabbitMqSettings } from './options.ts';

/** The names of everything on the broker, and how it is declared. */
export interface Topology {
  readonly exchange: string;
  queueOf(binding: EventBinding): string;
  deadLetterQueueOf(binding: EventBinding): string;
  /** Where a message rests before its next attempt: published there with its queue as routing key, it comes back to that queue. */
  retryExchangeAfter(attempts: number): string;
  /**
   * Declares the exchange, the retry queues, and the queue and dead-letter queue of each binding.
   * @param onMismatch is told of a queue or exchange that exists with other arguments, and of the binding that it belongs to,
   * unless all need it. It may throw; if it does not, the one that exists is used as it is.
   */
  declare(model: ChannelModel, bindings: readonly EventBinding[], onMismatch: OnMismatch): Promise<void>;
}

type OnMismatch = (error: TopologyMismatchError, binding: EventBinding | undefined) => void;

/** Something exists on the broker with other arguments than ours, and cannot be changed. */
class TopologyMismatchError extends Error {
  override readonly name = 'TopologyMismatchError';
  constructor(what: string, cause: unknown) {
    const found = cause instanceof Error ? cause.message : String(cause);
    super(`${what} exists on the broker with other arguments; empty it and delete it (${found})`, { cause });
  }
}

/**
 * How often the broker itself may deliver a message again (each lost connection counts for what was in hand) before it takes it
 * for one that kills its consumer. Generous, because attempts that failed are counted by us and not by the broker: at a limit of
 * 3, five lost connections gave up messages that had nothing wrong with them.
 */
const brokerDeliveryLimit = 100;

/** Makes the topology of a bus; nothing is declared yet. */
export function createTopology(settings: RabbitMqSettings): Topology {
  const { exchange, queuePrefix, retryDelaysMs } = settings;
  const queueOf = (binding: EventBinding) => queuePrefix + queueName(binding);
  const deadLetterQueueOf = (binding: EventBinding) => deadLetterQueueName(queueOf(binding));
  const retryName = (delayMs: number) => `${queuePrefix}trellis.retry.${delayMs}`;

  function retryExchangeAfter(attempts: number): string {
    const delay = retryDelaysMs[Math.min(attempts, retryDelaysMs.length) - 1] ?? retryDelaysMs[0];
    return retryName(delay ?? 0);
  }

  async function declare(...[model, bindings, onMismatch]: Parameters<Topology['declare']>): Promise<void> {
    let current: EventBinding | undefined;
    const declaring = await openDeclarations(model, (error) => onMismatch(error, current));
    await declaring.exchange(exchange, 'topic');
    for (const delayMs of new Set(retryDelaysMs)) {
      const name = retryName(delayMs);
      // An exchange of its own lets the message keep its queue as routing key while it rests in the retry queue.
      await declaring.exchange(name, 'fanout');
      await declaring.queue(name, { messageTtl: delayMs, ...deadLettersTo({ exchange: '' }) });
      await declaring.binding(name, name, '');
    }
    for (const binding of bindings) {
      current = binding;
      const queue = queueOf(binding);
      const deadLetterQueue = deadLetterQueueOf(binding);
      // A high limit, because RabbitMQ 4 would drop a dead letter that people looked at 20 times.
      await declaring.queue(deadLetterQueue, { arguments: { 'x-delivery-limit': 1_000_000 } });
      await declaring.queue(queue, {
        ...deadLettersTo({ exchange: '', routingKey: deadLetterQueue }),
        arguments: { ...atLeastOnce, 'x-delivery-limit': brokerDeliveryLimit },
      });
      await declaring.binding(queue, exchange, binding.eventType);
    }
    await declaring.end();
  }

  return { exchange, queueOf, deadLetterQueueOf, retryExchangeAfter, declare };
}

/** The broker holds a message until the queue it dead-letters to has it (RabbitMQ 3.10); needs `reject-publish`. */
const atLeastOnce = { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' };

function deadLettersTo(target: { exchange: string; routingKey?: string }): Options.AssertQueue {
  return {
    deadLetterExchange: target.exchange,
    ...(target.routingKey === undefined ? {} : { deadLetterRoutingKey: target.routingKey }),
    arguments: atLeastOnce,
  };
}

interface Declarations {
  exchange(name: string, type: 'topic' | 'fanout'): Promise<void>;
  queue(name: string, options: Options.AssertQueue): Promise<void>;
  binding(queue: string, exchange: string, routingKey: string): Promise<void>;
  end(): Promise<void>;
}

/** Declares on a channel of its own, because the broker closes the channel on which a declaration does not match. */
async function openDeclarations(
  model: ChannelModel,
  onMismatch: (error: TopologyMismatchError) => void,
): Promise<Declarations> {
  let channel = await openChannel(model);

  async function attempt(what: string, declare: (channel: Channel) => Promise<unknown>): Promise<void> {
    try {
      await declare(channel);
    } catch (error) {
      if (!isMismatch(error)) throw error;
      onMismatch(new TopologyMismatchError(what, error));
      channel = await openChannel(model);
    }
  }

  return {
    exchange: (name, type) =>
      attempt(`exchange "${name}"`, (on) => on.assertExchange(name, type, { durable: true })),
    queue: (name, options) =>
      attempt(`queue "${name}"`, (on) =>
        on.assertQueue(name, {
          ...options,
          durable: true,
          arguments: { ...(options.arguments as object), 'x-queue-type': 'quorum' },
        }),
      ),
    binding: (queue, exchange, routingKey) =>
      attempt(`binding of "${queue}"`, (on) => on.bindQueue(queue, exchange, routingKey)),
    end: () => channel.close(),
  };
}

async function openChannel(model: ChannelModel): Promise<Channel> {
  const channel = await model.createChannel();
  // The declaration that failed rejects as well and is dealt with there; unheard, this event would end the process.
  channel.on('error', () => undefined);
  return channel;
}

function isMismatch(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 406;
}
