import { queueName, type EventBinding } from '@trellis/event-contracts';
import type { BusStatus, EventSubscription, MessageBus } from '../message-bus.ts';
import { addSubscriptions } from '../subscriptions.ts';
import { createConsumer } from './consumer.ts';
import { normaliseOptions, type RabbitMqBusOptions } from './options.ts';
import { createPublisher } from './publisher.ts';
import { superviseConnection, type SessionUser } from './supervised-connection.ts';
import { createTopology } from './topology.ts';

/**
 * The bus of the distributed platform, over RabbitMQ 3.10 or newer. Resolves after the first attempt to connect, well or not: a
 * broker that is away is no reason not to start, and `status()` says so until it is back.
 *
 * - Delivery is at least once and, with several in hand and retries, not in order: handlers go by the event's id and sequence.
 * - Every process declares the queues of every consumer that the contracts name before it publishes. An event for which one of
 *   them cannot be reached is refused, to be published again; an event that nobody consumes is published and forgotten.
 * - A `retry` rests in `trellis.retry.<ms>`; after the last attempt, and for messages that cannot be read, the message moves to
 *   `<queue>.dead-letter` with the reason in its headers.
 * @throws Error when the URL is malformed.
 */
export async function createRabbitMqBus(options: RabbitMqBusOptions): Promise<MessageBus> {
  const settings = normaliseOptions(options);
  const { logger } = settings;
  const topology = createTopology(settings);
  const bindings: EventBinding[] = [...settings.bindings];
  const subscriptions: EventSubscription[] = [];
  const publisher = createPublisher({ settings, topology, bindings, logger });
  const consumer = createConsumer({ settings, topology, publisher, subscriptions, logger });

  // Two connections: a broker short of memory stops reading from one that publishes, and acknowledgements must still get through.
  const supervise = (name: string, user: SessionUser) => superviseConnection({ ...settings, name, user });
  const publishing = supervise('publish', publisher);
  const consuming = supervise('consume', consumer);
  await Promise.all([publishing.attempted, consuming.attempted]);

  let stopping: Promise<void> | undefined;

  function status(): BusStatus {
    const hindrance = publisher.blockedReason() ?? consumer.hindrance();
    const connections = [publishing.status(), consuming.status()];
    const lost = connections.find(({ kind }) => kind === 'disconnected');
    if (lost !== undefined) return lost;
    return hindrance === undefined ? { kind: 'connected' } : { kind: 'disconnected', reason: hindrance };
  }

  async function stop(): Promise<void> {
    await consumer.quiesce();
    await publisher.drained();
    await Promise.all([consuming.close(), publishing.close()]);
  }

  return {
    status,
    deadLetters: (name) =>
      consumer.deadLetters(subscriptions.filter((subscription) => subscription.consumer === name)),
    async publish(event, _attempt, only) {
      if (stopping !== undefined) throw new Error('the message bus is stopped');
      await publisher.publish(event, only);
    },
    async subscribe(added) {
      if (stopping !== undefined) throw new Error('the message bus is stopped');
      addSubscriptions(subscriptions, added);
      for (const { consumer: name, eventType } of added) {
        const binding = { consumer: name, eventType };
        if (bindings.some((known) => queueName(known) === queueName(binding))) continue;
        logger.warn(
          binding,
          'this consumer is not in the contracts: other services do not keep events for it',
        );
        bindings.push(binding);
      }
      await consumer.catchUp();
    },
    stop: () => (stopping ??= stop()),
  };
}
