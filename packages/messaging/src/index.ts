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
export { usualRetryDelaysMs, type RabbitMqBusOptions } from './rabbitmq/options.ts';
