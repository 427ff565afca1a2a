import type { CloudEvent, EventBinding } from '@trellis/event-contracts';
import type { Logger } from '@trellis/lifecycle';
import type { ConfirmChannel, Options } from 'amqplib';
import { notConsumed } from '../subscriptions.ts';
import { encodeEvent } from '../wire-format.ts';
import type { RabbitMqSettings } from './options.ts';
import type { Session, SessionUser } from './supervised-connection.ts';
import type { Topology } from './topology.ts';

/** A message on its way to an exchange. */
export interface OutgoingMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly properties: Options.Publish;
}

/** The broker has no queue for a message that somebody waits for. */
class UnroutableMessageError extends Error {
  override readonly name = 'UnroutableMessageError';
}

/** Publishes over the session it was last given; without one it refuses at once. */
export interface Publisher extends SessionUser {
  /** @throws when the event is not known to be in the queue of every consumer that the topology names. */
  publish(event: CloudEvent, consumer?: string): Promise<void>;
  /** Publishes any message. @throws UnroutableMessageError when no queue took it, or whatever kept it from being confirmed. */
  send(message: OutgoingMessage): Promise<void>;
  /** Why nothing can be published although the connection stands, if so. */
  blockedReason(): string | undefined;
  /** Resolves when nothing waits for a confirm any more. */
  drained(): Promise<void>;
}

interface Outlet {
  readonly session: Session;
  readonly channel: ConfirmChannel;
  /** Sequence numbers of messages that came back because no queue took them; their confirm follows. */
  readonly returned: Set<number>;
}

/** The header by which a returned message is told from the others under way; consumers ignore it. */
const sequenceHeader = 'trellis-sequence';
const maxShortStringBytes = 255;

export interface PublisherOptions {
  readonly settings: RabbitMqSettings;
  readonly topology: Topology;
  /** Whose queues are declared before anything is published. Read again with every session. */
  readonly bindings: readonly EventBinding[];
  readonly logger: Logger;
}

/** Makes a publisher; it works once `open` has been called with a session. */
export function createPublisher({ settings, topology, bindings, logger }: PublisherOptions): Publisher {
  let outlet: Outlet | undefined;
  let blocked: string | undefined;
  let sequence = 0;
  const underWay = new Set<Promise<void>>();

  async function open(session: Session): Promise<void> {
    blocked = undefined;
    session.model.on('blocked', (reason) => {
      blocked = `the broker takes no messages: ${reason}`;
      logger.error({ reason }, 'the broker takes no messages at the moment');
    });
    session.model.on('unblocked', () => (blocked = undefined));
    const channel = await session.model.createConfirmChannel();
    channel.on('error', session.fail);
    const returned = new Set<number>();
    channel.on('return', (message) => returned.add(Number(message.properties.headers?.[sequenceHeader])));
    // A queue with other arguments still keeps what is published to it: report it, and leave refusing it to its consumer.
    await topology.declare(session.model, bindings, (mismatch) =>
      logger.error({ err: mismatch }, 'using a queue that was not declared by this version'),
    );
    outlet = { session, channel, returned };
  }

  function usableOutlet(): Outlet {
    if (outlet === undefined || outlet.session.ended.aborted) throw new Error('not connected to the broker');
    if (blocked !== undefined) throw new Error(blocked);
    return outlet;
  }

  async function transmit(message: OutgoingMessage): Promise<void> {
    const confirmation = confirmed(usableOutlet(), message);
    underWay.add(confirmation);
    try {
      await confirmation;
    } finally {
      underWay.delete(confirmation);
    }
  }

  async function send(message: OutgoingMessage): Promise<void> {
    try {
      await transmit(message);
    } catch (error) {
      // Its queue was deleted under us: a new session declares it again, and the next attempt finds it.
      if (error instanceof UnroutableMessageError) outlet?.session.fail(error);
      throw error;
    }
  }

  function confirmed({ channel, returned }: Outlet, message: OutgoingMessage): Promise<void> {
    const { exchange, routingKey, content, properties } = message;
    const number = (sequence += 1);
    const headers = { ...(properties.headers as object), [sequenceHeader]: number };
    return new Promise((resolve, reject) => {
      const onConfirm = (error: unknown) => {
        clearTimeout(timer);
        // The broker confirms a message that it returned, and the return comes first.
        if (returned.delete(number)) {
          reject(new UnroutableMessageError(`no queue takes "${routingKey}" from exchange "${exchange}"`));
        } else if (error instanceof Error) {
          reject(new Error(`the broker did not confirm: ${error.message}`, { cause: error }));
        } else {
          resolve();
        }
      };
      channel.publish(
        exchange,
        routingKey,
        content,
        { ...properties, headers, persistent: true, mandatory: true },
        onConfirm,
      );
      const timer = setTimeout(() => {
        reject(new Error(`the broker did not confirm within ${settings.confirmTimeoutMs} ms`));
      }, settings.confirmTimeoutMs);
    });
  }

  async function publish(event: CloudEvent, consumer?: string): Promise<void> {
    const content = encodeEvent(event);
    const properties = propertiesOf(event);
    const bound = bindings.filter(({ eventType }) => eventType === event.type);
    if (consumer !== undefined) {
      const binding = bound.find((candidate) => candidate.consumer === consumer);
      if (binding === undefined) throw notConsumed(event, consumer);
      // By the nameless exchange, which hands a message to the queue of its routing key and to no other.
      return send({ exchange: '', routingKey: topology.queueOf(binding), content, properties });
    }
    const message = { exchange: topology.exchange, routingKey: event.type, content, properties };
    if (bound.length > 0) return send(message);
    try {
      await transmit(message);
    } catch (error) {
      if (!(error instanceof UnroutableMessageError)) throw error;
      logger.debug({ eventType: event.type, eventId: event.id }, 'nobody consumes this event');
    }
  }

  return {
    open,
    publish,
    send,
    blockedReason: () => blocked,
    async drained() {
      await Promise.allSettled(underWay);
    },
    async close() {
      await outlet?.channel.close();
    },
  };
}

function propertiesOf(event: CloudEvent): Options.Publish {
  const { id, type, source, time, correlationid, traceparent } = event;
  return {
    messageId: id,
    type,
    appId: source,
    contentType: 'application/cloudevents+json',
    contentEncoding: 'utf-8',
    timestamp: Math.floor(Date.parse(time) / 1_000),
    // AMQP's short strings end at 255 bytes; the envelope has the whole of it.
    ...(correlationid === undefined || Buffer.byteLength(correlationid) > maxShortStringBytes
      ? {}
      : { correlationId: correlationid }),
    headers: traceparent === undefined ? {} : { traceparent },
  };
}
