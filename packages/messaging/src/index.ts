export {
  subscription,
  type BusStatus,
  type DeadLetter,
  type EventPublisher,
  type EventSubscription,
  type HandlerOutcome,
  type MessageBus,
} from './message-bus.ts';
export { createInProcessBus, type InProcessBusOptions } from './in-process-bus.ts';
export { createRabbitMqBus } from './rabbitmq/rabbitmq-bus.ts';
export {
  openDeadLetterQueues,
  type DeadLetterQueues,
  type LetterDecision,
} from './rabbitmq/dead-letter-queues.ts';
export type { QueuedLetter } from './rabbitmq/dead-letter.ts';
export { usualRetryDelaysMs, type RabbitMqBusOptions } from './rabbitmq/options.ts';
