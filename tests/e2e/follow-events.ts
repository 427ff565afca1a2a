import type { CloudEvent } from '@trellis/event-contracts';
import { connect } from 'amqplib';

/** Events that went over the broker, in the order in which they did. */
export interface FollowedEvents {
  readonly events: readonly CloudEvent[];
  stop(): Promise<void>;
}

/** Listens beside the consumers to everything that services with this `AMQP_PREFIX` publish from now on. */
export async function followEvents(url: string, prefix: string): Promise<FollowedEvents> {
  const events: CloudEvent[] = [];
  const connection = await connect(url);
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, `${prefix}trellis.events`, '#');
  await channel.consume(
    queue,
    (message) => {
      if (message !== null) events.push(JSON.parse(message.content.toString()) as CloudEvent);
    },
    { noAck: true },
  );
  return { events, stop: () => connection.close() };
}
