import { describeWithServices } from '../../support/services.ts';
import { openTestBroker, testBindings } from '../../support/test-broker.ts';
import { contractMaxAttempts, describeMessageBus, type KeptDeadLetter } from './message-bus-contract.ts';

describeWithServices(['rabbitmq'], 'the RabbitMQ message bus', ({ rabbitmq }) => {
  describeMessageBus(async () => {
    const broker = await openTestBroker(rabbitmq);
    return {
      bus: await broker.createBus({ maxAttempts: contractMaxAttempts }),
      prepare: (subscriptions) => subscriptions,
      async deadLetters() {
        const letters: KeptDeadLetter[] = [];
        for (const binding of testBindings) {
          for (const { properties } of await broker.drain(broker.deadLetterQueueOf(binding))) {
            letters.push({
              consumer: binding.consumer,
              eventId: String(properties.messageId),
              reason: String(properties.headers?.['trellis-reason']),
              attempts: Number(properties.headers?.['trellis-attempts']),
            });
          }
        }
        return letters;
      },
      dispose: () => broker.dispose(),
    };
  });
});
