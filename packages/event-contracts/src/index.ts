export {
  eventContracts,
  eventTypes,
  isEventType,
  type EventData,
  type EventType,
  type ServiceName,
} from './contracts.ts';
export { causeOf, type Cause } from './cause.ts';
export {
  createEvent,
  InvalidEventError,
  parseEvent,
  type CloudEvent,
  type EventInput,
} from './cloud-event.ts';
export {
  deadLetterQueueName,
  eventExchange,
  knownBindings,
  queueName,
  type EventBinding,
} from './channels.ts';
export { renderAsyncApi } from './asyncapi.ts';
