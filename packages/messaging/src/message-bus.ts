import type { CloudEvent, EventType } from '@trellis/event-contracts';

/** What became of one delivery. A handler answers with a value; a handler that throws is answered for with `retry`. */
export type HandlerOutcome =
  | { readonly kind: 'ack' }
  /** Not now: deliver again after a pause that grows with the attempts, and give up to the dead letters at the last. */
  | { readonly kind: 'retry'; readonly reason: string }
  /** Never: no repetition can make it work. */
  | { readonly kind: 'dead-letter'; readonly reason: string };

/** One consumer's interest in one type of event. On a broker its queue is named `<consumer>.<event>.v<version>`. */
export interface EventSubscription<T extends EventType = EventType> {
  /** The consuming service: `products`. */
  readonly consumer: string;
  readonly eventType: T;
  /** Takes effect once for an event however often it is delivered (see the inbox of `@trellis/outbox`). */
  readonly handle: (event: CloudEvent<T>) => Promise<HandlerOutcome>;
  /** Keeps an event that was given up, where the transport has no dead-letter queue of its own (in-process). */
  readonly keepDeadLetter?: (letter: DeadLetter) => Promise<void>;
}

/** An event that a consumer gave up, and why. */
export interface DeadLetter {
  readonly consumer: string;
  readonly event: CloudEvent;
  readonly reason: string;
  /** How often it was tried. */
  readonly attempts: number;
}

/** How many messages a dead-letter queue holds. */
export interface DeadLetterDepth {
  readonly queue: string;
  readonly messages: number;
}

/** The state of the connection to the broker, as readiness shows it. */
export type BusStatus =
  { readonly kind: 'connected' } | { readonly kind: 'disconnected'; readonly reason: string };

/** Where the outbox relay hands events over. */
export interface EventPublisher {
  /**
   * Resolves when the event is safe: confirmed by the broker, or (in-process) taken by every subscriber.
   * @param attempt how often this event was tried before and with this time, from 1. The in-process bus counts by it.
   * @param consumer the only one that gets it, where it is a dead letter that is replayed.
   * @throws InvalidEventError when it does not fit its contract, or that consumer does not consume its type: no repetition can help.
   * @throws when it is not known to be safe: publish it again later.
   */
  publish(event: CloudEvent, attempt: number, consumer?: string): Promise<void>;
  /**
   * The longest pause before an event that was not safe is published again; pauses double up to it. Absent: the outbox's own, a few
   * seconds, which suits a broker that may be back at any moment.
   */
  readonly longestPauseMs?: number;
}

/** Publishes and consumes events; one per process, shared by what runs in it. */
export interface MessageBus extends EventPublisher {
  /**
   * Begins to consume. Resolves when deliveries can arrive; on a broker the queues then exist and are bound. Where the broker is
   * away it resolves at once, so that a service can start and report itself not ready: deliveries begin when the broker is back.
   * @throws when a consumer subscribes to a type twice.
   */
  subscribe(subscriptions: readonly EventSubscription[]): Promise<void>;
  status(): BusStatus;
  /**
   * How many messages wait in each dead-letter queue of a consumer. Absent where the bus has no such queues: what is given up is in a table
   * then.
   * @throws when the broker does not answer.
   */
  deadLetters?(consumer: string): Promise<readonly DeadLetterDepth[]>;
  /** Stops taking deliveries, waits for those in hand, and closes. */
  stop(): Promise<void>;
}

/** Gives a subscription its event's type: `subscription({ consumer, eventType: 'orders.order-placed.v1', handle })`. */
export function subscription<T extends EventType>(definition: EventSubscription<T>): EventSubscription {
  // Safe: the bus hands a handler only events of the type it subscribed to.
  return definition as unknown as EventSubscription;
}
