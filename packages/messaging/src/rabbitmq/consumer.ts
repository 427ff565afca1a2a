import { failpoint } from '@trellis/failpoints';
import type { EventBinding } from '@trellis/event-contracts';
import type { Logger } from '@trellis/lifecycle';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { DeadLetterDepth, EventSubscription } from '../message-bus.ts';
import { runHandler } from '../subscriptions.ts';
import { decodeEvent } from '../wire-format.ts';
import { attemptsBefore, toDeadLetter, toRetry } from './hand-over.ts';
import type { RabbitMqSettings } from './options.ts';
import type { OutgoingMessage, Publisher } from './publisher.ts';
import { readDepths } from './queue-depths.ts';
import { closeTimeoutMs, pause, within, type Session, type SessionUser } from './supervised-connection.ts';
import type { Topology } from './topology.ts';

export interface ConsumerOptions {
  readonly settings: RabbitMqSettings;
  readonly topology: Topology;
  /** Messages to be tried again or given up leave by its connection: a broker short of memory blocks the one that publishes. */
  readonly publisher: Publisher;
  readonly subscriptions: readonly EventSubscription[];
  readonly logger: Logger;
}

/** Consumes for all subscriptions over the session it was last given. */
export interface Consumer extends SessionUser {
  /** Begins to consume what was subscribed since `open`; without a session there is nothing to do until the next one. */
  catchUp(): Promise<void>;
  /** How many dead letters of these there are. @throws when the broker does not answer. */
  deadLetters(of: readonly EventSubscription[]): Promise<readonly DeadLetterDepth[]>;
  /** Which of the subscriptions cannot be consumed although the connection stands, and why, if one cannot. */
  hindrance(): string | undefined;
  /** Takes no more deliveries, and resolves when those in hand are done with. */
  quiesce(): Promise<void>;
}

interface Intake {
  readonly session: Session;
  readonly channel: Channel;
  /** The consumer tag of each subscription, or the promise of it: each is begun once a session. None: see `hindrances`. */
  readonly consuming: Map<EventSubscription, Promise<string | undefined>>;
}

/** How long a message that could be handed neither to a retry nor to a dead-letter queue waits for the next try. */
const handOverRetryMs = 500;

/** Makes a consumer; it works once `open` has been called with a session. */
export function createConsumer(options: ConsumerOptions): Consumer {
  const { settings, topology, publisher, subscriptions, logger } = options;
  let intake: Intake | undefined;
  let quiescing = false;
  const inHand = new Set<Promise<void>>();
  /** What keeps a subscription from being consumed: a queue that is not as we declare it. The others do not wait for it. */
  const hindrances = new Map<EventBinding, string>();

  async function open(session: Session): Promise<void> {
    const channel = await session.model.createChannel();
    channel.on('error', session.fail);
    await channel.prefetch(settings.prefetch);
    intake = { session, channel, consuming: new Map() };
    if (!quiescing) await consumeAll(intake);
  }

  async function consumeAll(into: Intake): Promise<void> {
    const fresh = subscriptions.filter((subscription) => !into.consuming.has(subscription));
    const declared = declare(into, fresh);
    for (const subscription of fresh) {
      into.consuming.set(
        subscription,
        declared.then(() => (hindrances.has(subscription) ? undefined : consume(into, subscription))),
      );
    }
    await Promise.all(into.consuming.values());
    const hindered = fresh.filter((subscription) => hindrances.has(subscription));
    if (hindered.length > 0) void tryAgain(into, hindered);
  }

  async function declare(into: Intake, fresh: readonly EventSubscription[]): Promise<void> {
    const mismatches = new Map<EventBinding, string>();
    await topology.declare(into.session.model, fresh, (mismatch, binding) => {
      if (binding === undefined) throw mismatch;
      mismatches.set(binding, mismatch.message);
      if (hindrances.get(binding) !== mismatch.message) {
        logger.error({ err: mismatch }, 'one queue is not consumed until it is as declared');
      }
    });
    for (const subscription of fresh) {
      const mismatch = mismatches.get(subscription);
      if (mismatch === undefined) hindrances.delete(subscription);
      else hindrances.set(subscription, mismatch);
    }
  }

  /** Somebody has to remove what is in the way, and nothing tells us when. */
  async function tryAgain(into: Intake, hindered: readonly EventSubscription[]): Promise<void> {
    await pause(settings.maxReconnectDelayMs, into.session.ended);
    if (into.session.ended.aborted || quiescing) return;
    for (const subscription of hindered) into.consuming.delete(subscription);
    await catchUp();
  }

  async function catchUp(): Promise<void> {
    if (intake === undefined || intake.session.ended.aborted) return;
    const { session } = intake;
    try {
      await consumeAll(intake);
    } catch (error) {
      session.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async function consume(into: Intake, subscription: EventSubscription): Promise<string> {
    const queue = topology.queueOf(subscription);
    const { consumerTag } = await into.channel.consume(queue, (message) => {
      if (message === null) {
        into.session.fail(new Error(`the broker ended consuming from "${queue}": was it deleted?`));
      } else if (!quiescing) {
        take(into, subscription, message);
      }
    });
    logger.debug({ queue }, 'consuming');
    return consumerTag;
  }

  function take(from: Intake, subscription: EventSubscription, message: ConsumeMessage): void {
    const work = handle(from, subscription, message).catch((error: unknown) => {
      // Nobody expected this: without an answer the delivery would stay unacknowledged for good, so start over.
      from.session.fail(error instanceof Error ? error : new Error(String(error)));
    });
    inHand.add(work);
    void work.finally(() => inHand.delete(work));
  }

  async function handle(
    from: Intake,
    subscription: EventSubscription,
    message: ConsumeMessage,
  ): Promise<void> {
    const queue = topology.queueOf(subscription);
    const reading = decodeEvent(message.content, subscription.eventType);
    const attempts = attemptsBefore(message) + 1;
    const outcome =
      reading.kind === 'poison'
        ? { kind: 'dead-letter' as const, reason: reading.reason }
        : await runHandler(subscription, reading.event, logger);
    if (outcome.kind === 'ack') return acknowledge(from, message);

    const failure = { attempts, reason: outcome.reason };
    const about = { queue, eventId: message.properties.messageId as unknown, ...failure };
    if (outcome.kind === 'retry' && attempts < settings.maxAttempts) {
      logger.warn(about, 'an event will be tried again');
      await handOver(from, message, toRetry(topology, message, queue, failure));
    } else {
      logger.error(about, 'gave up an event');
      await handOver(from, message, toDeadLetter(message, topology.deadLetterQueueOf(subscription), failure));
    }
  }

  /** Publishes the copy first and acknowledges then: a crash between the two delivers twice, and never loses. */
  async function handOver(from: Intake, message: ConsumeMessage, copy: OutgoingMessage): Promise<void> {
    const { ended } = from.session;
    while (!ended.aborted) {
      try {
        await publisher.send(copy);
        failpoint('dead-letter.kept');
        return acknowledge(from, message);
      } catch (error) {
        logger.warn(
          { err: error, routingKey: copy.routingKey },
          'could not hand over an event; trying again',
        );
      }
      if (quiescing) return;
      // Kept in hand rather than given back to the broker, which would deliver it again at once, over and over.
      await pause(handOverRetryMs, ended);
    }
  }

  function acknowledge({ session, channel }: Intake, message: ConsumeMessage): void {
    // A delivery belongs to its channel: after that is gone the broker delivers again, and the inbox knows the event.
    if (session.ended.aborted) return;
    channel.ack(message);
  }

  return {
    open,
    catchUp,
    hindrance: () => [...hindrances.values()][0],
    async deadLetters(of) {
      if (intake === undefined || intake.session.ended.aborted)
        throw new Error('not connected to the broker');
      return readDepths(intake.session.model, of.map(topology.deadLetterQueueOf));
    },
    async quiesce() {
      quiescing = true;
      if (intake !== undefined && !intake.session.ended.aborted) await cancelAll(intake);
      await Promise.all(inHand);
    },
    async close() {
      // Acknowledgements travel on the channel, the closing of a connection beside it: closing the channel first flushes them.
      await intake?.channel.close();
    },
  };

  async function cancelAll({ channel, consuming }: Intake): Promise<void> {
    const cancel = async (begun: Promise<string | undefined>): Promise<void> => {
      const tag = await begun;
      if (tag !== undefined) await channel.cancel(tag);
    };
    try {
      await within(closeTimeoutMs, Promise.all([...consuming.values()].map(cancel)));
    } catch (error) {
      // Deliveries are ignored by now in any case; a broker that does not answer must not keep the service from stopping.
      logger.warn({ err: error }, 'could not cancel the consumers');
    }
  }
}
