import { describe } from '@jest/globals';
import { createLogger } from '@trellis/lifecycle';
import { createInProcessBus, type DeadLetter } from '@trellis/messaging';
import { testBindings } from '../../support/test-broker.ts';
import { contractMaxAttempts, describeMessageBus } from './message-bus-contract.ts';

describe('the in-process message bus', () => {
  describeMessageBus(async () => {
    const kept: DeadLetter[] = [];
    const bus = createInProcessBus({
      logger: createLogger('test', 'silent'),
      maxAttempts: contractMaxAttempts,
      bindings: testBindings,
    });
    return {
      bus,
      prepare: (subscriptions) =>
        subscriptions.map((subscription) => ({
          ...subscription,
          keepDeadLetter: async (letter) => void kept.push(letter),
        })),
      deadLetters: async () =>
        kept.splice(0).map(({ consumer, event, reason, attempts }) => ({
          consumer,
          eventId: event.id,
          reason,
          attempts,
        })),
      dispose: () => bus.stop(),
    };
  });
});
