export { appendEvents } from './append-events.ts';
export { consumeOnce, type OnceConsumer } from './consume-once.ts';
export {
  countDeadLetters,
  dropDeadLetters,
  listDeadLetters,
  replayDeadLetters,
  unpublished,
  type KeptLetter,
  type LetterKey,
} from './dead-letter-table.ts';
export { startInboxRetention } from './inbox-retention.ts';
export { startOutboxRelay, type OutboxRelayOptions } from './outbox-relay.ts';
export { deadLetters, inbox, outbox } from './tables.ts';
