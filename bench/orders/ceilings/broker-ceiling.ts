import { connect } from 'amqplib';
import { closedLoop, type Window } from '../load/load.ts';
import { openCorner, servers } from '../servers.ts';

/** What the broker does when it is asked for nothing else, in messages a second, on a quorum queue as the product's are. */
export interface BrokerCeiling {
  readonly confirmedOneInFlight: number;
  readonly confirmedManyInFlight: number;
  readonly consumedAndAcknowledged: number;
}

const many = 128;
/** About as long as an event of the saga. */
const content = Buffer.alloc(600, 'x');
const waiting = 20_000;

export async function measureBroker(window: Window): Promise<BrokerCeiling> {
  const queue = openCorner().prefix;
  const connection = await connect(servers.rabbitmq, { noDelay: true });
  try {
    const channel = await connection.createConfirmChannel();
    await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    const publish = () =>
      new Promise<void>((resolve, reject) => {
        channel.sendToQueue(queue, content, { persistent: true }, (error: unknown) =>
          error instanceof Error ? reject(error) : resolve(),
        );
      });
    const confirmed = async (inFlight: number) => {
      const { perSecond } = await closedLoop(
        Array.from({ length: inFlight }, () => publish),
        window,
      );
      return perSecond;
    };
    const confirmedOneInFlight = await confirmed(1);
    const confirmedManyInFlight = await confirmed(many);
    await channel.purgeQueue(queue);
    for (let done = 0; done < waiting; done += 1_000)
      await Promise.all(Array.from({ length: 1_000 }, publish));
    await channel.prefetch(200);
    const begun = performance.now();
    await new Promise<void>((resolve) => {
      let taken = 0;
      void channel.consume(queue, (message) => {
        if (message === null) return;
        channel.ack(message);
        if (++taken === waiting) resolve();
      });
    });
    const consumedAndAcknowledged = waiting / ((performance.now() - begun) / 1_000);
    await channel.deleteQueue(queue);
    return { confirmedOneInFlight, confirmedManyInFlight, consumedAndAcknowledged };
  } finally {
    await connection.close();
  }
}
