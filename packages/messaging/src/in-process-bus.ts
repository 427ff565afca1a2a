import { EventEmitter, once } from 'node:events';
import { knownBindings, type CloudEvent, type EventBinding, type EventType } from '@trellis/event-contracts';
import { failpoint } from '@trellis/failpoints';
import type { Logger } from '@trellis/lifecycle';
import type { BusStatus, EventSubscription, MessageBus } from './message-bus.ts';
import { addSubscriptions, notConsumed, runHandler } from './subscriptions.ts';
import { decodeEvent, encodeEvent } from './wire-format.ts';

export interface InProcessBusOptions {
  readonly logger: Logger;
  /** After how many attempts an event is given up. Default 18: with the pauses of this bus, after about an hour. */
  readonly maxAttempts?: number;
  /**
   * Who has to get what; publishing an event of these types waits until its consumers have subscribed, as on a broker their
   * queues would keep it for them. Default: what the contracts say. A test of one service alone gives `[]`.
   */
  readonly bindings?: readonly EventBinding[];
}

/** As on the broker, where ten attempts with pauses of up to ten minutes take about an hour too. */
const longestPauseMs = 600_000;
const patientAttempts = 18;

/**
 * The bus of the embedded platform: publishing hands the event to every subscriber in this process, and the outbox that it came
 * from is the queue. `publish` resolves when each subscriber has taken the event or kept it as a dead letter; otherwise it rejects,
 * the outbox relay publishes again later with the next attempt, and subscribers that had taken it are protected by their inbox.
 *
 * Events travel as JSON and are checked against their contract, so that whatever works here works over a broker.
 */
export function createInProcessBus(options: InProcessBusOptions): MessageBus {
  const { logger, maxAttempts = patientAttempts, bindings = knownBindings } = options;
  const subscriptions: EventSubscription[] = [];
  const inHand = new Set<Promise<unknown>>();
  const changes = new EventEmitter().setMaxListeners(0);
  let stopped = false;

  async function publish(event: CloudEvent, attempt: number, only?: string): Promise<void> {
    const content = encodeEvent(event);
    await untilSubscribed(event.type);
    const interested = subscriptions.filter(
      ({ consumer, eventType }) => eventType === event.type && (only === undefined || consumer === only),
    );
    if (only !== undefined && interested.length === 0) throw notConsumed(event, only);
    const answers = await Promise.all(
      interested.map((subscription) => deliver(subscription, content, attempt)),
    );
    const refusals = answers.filter((answer) => answer !== undefined);
    if (refusals.length > 0)
      throw new Error(`${event.type} ${event.id} was not taken: ${refusals.join('; ')}`);
  }

  /** While the platform starts, a service may publish before another one has subscribed: the event waits, and that is no failed attempt. */
  async function untilSubscribed(type: EventType): Promise<void> {
    const isBoundTo = (binding: { eventType: EventType }): boolean => binding.eventType === type;
    const hasSubscribed = ({ consumer }: EventBinding): boolean =>
      subscriptions.filter(isBoundTo).some((subscription) => subscription.consumer === consumer);
    while (!bindings.filter(isBoundTo).every(hasSubscribed)) {
      if (stopped)
        throw new Error(`the message bus was stopped before every consumer of ${type} had subscribed`);
      await once(changes, 'change');
    }
  }

  /** Answers why the subscriber did not take the event, or nothing if it did. */
  async function deliver(
    subscription: EventSubscription,
    content: Buffer,
    attempt: number,
  ): Promise<string | undefined> {
    const { consumer, eventType } = subscription;
    const reading = decodeEvent(content, eventType);
    if (reading.kind === 'poison') return `${consumer}: ${reading.reason}`;
    const outcome = await runHandler(subscription, reading.event, logger);
    if (outcome.kind === 'ack') return undefined;
    if (outcome.kind === 'retry' && attempt < maxAttempts) return `${consumer}: ${outcome.reason}`;
    return keep(subscription, reading.event, outcome.reason, attempt);
  }

  async function keep(
    subscription: EventSubscription,
    event: CloudEvent,
    reason: string,
    attempts: number,
  ): Promise<string | undefined> {
    const { consumer, keepDeadLetter } = subscription;
    // An event given up with nowhere to keep it would be gone: leave it in the outbox instead.
    if (keepDeadLetter === undefined) return `${consumer}: ${reason} (and keeps no dead letters)`;
    logger.error(
      { consumer, eventType: event.type, eventId: event.id, attempts, reason },
      'gave up an event',
    );
    try {
      await keepDeadLetter({ consumer, event, reason, attempts });
      failpoint('dead-letter.kept');
      return undefined;
    } catch (error) {
      logger.error({ err: error, consumer, eventId: event.id }, 'could not keep a dead letter');
      return `${consumer}: could not keep the dead letter: ${String(error)}`;
    }
  }

  return {
    longestPauseMs,
    async publish(event, attempt, consumer) {
      if (stopped) throw new Error('the message bus is stopped');
      const publication = publish(event, attempt, consumer);
      inHand.add(publication);
      try {
        await publication;
      } finally {
        inHand.delete(publication);
      }
    },
    async subscribe(added) {
      addSubscriptions(subscriptions, added);
      changes.emit('change');
    },
    status(): BusStatus {
      return stopped ? { kind: 'disconnected', reason: 'stopped' } : { kind: 'connected' };
    },
    async stop() {
      stopped = true;
      changes.emit('change');
      await Promise.allSettled(inHand);
    },
  };
}
