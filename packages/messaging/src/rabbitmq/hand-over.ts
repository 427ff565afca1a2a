import type { ConsumeMessage, GetMessage, Message, Options } from 'amqplib';
import type { OutgoingMessage } from './publisher.ts';
import type { Topology } from './topology.ts';

/**
 * What a message remembers of its earlier attempts, in headers that the consumers write and people read in the dead-letter queue.
 */
export const handOverHeaders = {
  /** How often a consumer tried it. */
  attempts: 'trellis-attempts',
  /** When a consumer first gave it back, RFC 3339. */
  firstFailedAt: 'trellis-first-failed-at',
  /** Why it was given back the last time, for people. */
  reason: 'trellis-reason',
  /** What it was published to the exchange with. */
  routingKey: 'trellis-routing-key',
} as const;

/** What an event was published with and keeps on its way. */
const keptProperties: ReadonlySet<string> = new Set([
  'messageId',
  'type',
  'appId',
  'contentType',
  'contentEncoding',
  'correlationId',
  'timestamp',
]);

/** A header must fit into one frame of the protocol; an endless reason would close the connection. */
const maxReasonCharacters = 1_000;

/** How often a message was tried before this delivery. */
export function attemptsBefore(message: ConsumeMessage): number {
  const attempts: unknown = message.properties.headers?.[handOverHeaders.attempts];
  return typeof attempts === 'number' && Number.isInteger(attempts) && attempts > 0 ? attempts : 0;
}

/** The copy of a message that rests in a retry queue and then comes back to `queue`. */
export function toRetry(
  topology: Topology,
  message: ConsumeMessage,
  queue: string,
  failure: { attempts: number; reason: string },
): OutgoingMessage {
  const exchange = topology.retryExchangeAfter(failure.attempts);
  return {
    exchange,
    routingKey: queue,
    content: message.content,
    properties: propertiesOf(message, failure),
  };
}

/** The copy of a message that stays in a dead-letter queue until somebody looks at it. */
export function toDeadLetter(
  message: ConsumeMessage,
  deadLetterQueue: string,
  failure: { attempts: number; reason: string },
): OutgoingMessage {
  return {
    exchange: '',
    routingKey: deadLetterQueue,
    content: message.content,
    properties: propertiesOf(message, failure),
  };
}

/**
 * The copy of a dead letter that goes back to its consumer as if it were new: no attempt is counted. Since when it fails stays with it, for
 * the case that it comes back.
 */
export function toReplay(message: GetMessage): Pick<OutgoingMessage, 'content' | 'properties'> {
  const kept = ['traceparent', handOverHeaders.firstFailedAt, handOverHeaders.routingKey];
  const headers = kept.flatMap((name) => {
    const value = headerOf(message, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    content: message.content,
    properties: { ...basicProperties(message), headers: Object.fromEntries(headers) },
  };
}

function propertiesOf(
  message: ConsumeMessage,
  failure: { attempts: number; reason: string },
): Options.Publish {
  const traceparent = headerOf(message, 'traceparent');
  return {
    ...basicProperties(message),
    // Only headers of ours: those of a stranger's message may not survive being encoded again, and it would never leave its queue.
    headers: {
      ...(traceparent === undefined ? {} : { traceparent }),
      [handOverHeaders.attempts]: failure.attempts,
      [handOverHeaders.firstFailedAt]:
        headerOf(message, handOverHeaders.firstFailedAt) ?? new Date().toISOString(),
      [handOverHeaders.reason]: failure.reason.slice(0, maxReasonCharacters),
      [handOverHeaders.routingKey]:
        headerOf(message, handOverHeaders.routingKey) ?? message.fields.routingKey,
    },
  };
}

function headerOf({ properties }: Message, name: string): string | undefined {
  const value: unknown = properties.headers?.[name];
  return typeof value === 'string' ? value : undefined;
}

function basicProperties({ properties }: Message): Options.Publish {
  return Object.fromEntries(
    Object.entries(properties).filter(([name, value]) => keptProperties.has(name) && value !== undefined),
  );
}
