export { appendEvents } from './append-events.ts';
export { consumeOnce, type OnceConsumer } from './consume-once.ts';
export { startInboxRetention } from './inbox-retention.ts';
export { startOutboxRelay, type OutboxRelayOptions } from './outbox-relay.ts';
export { deadLetters, inbox, outbox } from './tables.ts';
