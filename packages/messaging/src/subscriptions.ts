import type { EventSubscription, HandlerOutcome } from './message-bus.ts';
import { InvalidEventError, type CloudEvent } from '@trellis/event-contracts';
import type { Logger } from '@trellis/lifecycle';

/**
 * Adds subscriptions to those of a bus.
 * @throws Error when a consumer subscribes to a type twice: both would share one queue and each miss half of the events.
 */
export function addSubscriptions(registered: EventSubscription[], added: readonly EventSubscription[]): void {
  for (const subscription of added) {
    const { consumer, eventType } = subscription;
    if (registered.some((other) => other.consumer === consumer && other.eventType === eventType)) {
      throw new Error(`${consumer} has already subscribed to ${eventType}`);
    }
    registered.push(subscription);
  }
}

/** Why an event cannot be replayed to a consumer. */
export function notConsumed({ type }: CloudEvent, consumer: string): InvalidEventError {
  return new InvalidEventError([`type: "${type}" is not consumed by "${consumer}"`]);
}

/** Hands an event to a subscriber; a handler that throws is answered for with `retry`. */
export async function runHandler(
  subscription: EventSubscription,
  event: CloudEvent,
  logger: Logger,
): Promise<HandlerOutcome> {
  try {
    return await subscription.handle(event);
  } catch (error) {
    logger.error(
      { err: error, consumer: subscription.consumer, eventType: event.type, eventId: event.id },
      'a handler threw; the event will be tried again',
    );
    return {
      kind: 'retry',
      reason: `handler threw: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
