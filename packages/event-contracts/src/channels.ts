import { eventContracts, eventTypes, type EventType } from './contracts.ts';

/** The durable topic exchange that every event is published to, with its type as routing key. */
export const eventExchange = 'trellis.events';

/** One consumer's interest in one type of event; on a broker, one queue. */
export interface EventBinding {
  /** The consuming service: `products`. */
  readonly consumer: string;
  readonly eventType: EventType;
}

/** Who consumes what, as the contracts say. */
export const knownBindings: readonly EventBinding[] = eventTypes.flatMap((eventType) =>
  eventContracts[eventType].consumers.map((consumer) => ({ consumer, eventType })),
);

/** The queue of a consumer: `products.order-placed.v1` for `products` and the type `orders.order-placed.v1`. */
export function queueName({ consumer, eventType }: EventBinding): string {
  return `${consumer}.${eventType.slice(eventType.indexOf('.') + 1)}`;
}

/** Where the events are kept that the consumer of `queue` gave up. */
export function deadLetterQueueName(queue: string): string {
  return `${queue}.dead-letter`;
}
