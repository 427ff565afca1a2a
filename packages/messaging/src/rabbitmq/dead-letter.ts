import { createHash } from 'node:crypto';
import { deadLetterQueueName } from '@trellis/event-contracts';
import type { GetMessage } from 'amqplib';
import { handOverHeaders } from './hand-over.ts';

/** A message in a dead-letter queue, read for a person. */
export interface QueuedLetter {
  /** The queue it was given up from, without the prefix: `products.order-placed.v1`. */
  readonly queue: string;
  /** The event's id; of a message without one, `sha256-` and the beginning of its content's hash. */
  readonly id: string;
  /** What it says of itself. */
  readonly eventType: string | undefined;
  readonly correlationId: string | undefined;
  readonly reason: string;
  /** How often a consumer tried it. */
  readonly attempts: number;
  /** When it first failed, RFC 3339, where it is known. */
  readonly since: string | undefined;
  readonly content: Buffer;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads a message of a dead-letter queue; whatever is in it, there is an answer. */
export function readLetter({ properties, content }: GetMessage, queue: string): QueuedLetter {
  const headers: Readonly<Record<string, unknown>> = properties.headers ?? {};
  const messageId: unknown = properties.messageId;
  const byBroker = readDeath(headers);
  return {
    queue,
    id: typeof messageId === 'string' && uuid.test(messageId) ? messageId : idOf(content),
    eventType: textOf(properties.type),
    correlationId: textOf(properties.correlationId),
    reason: textOf(headers[handOverHeaders.reason]) ?? byBroker?.reason ?? 'nothing says why',
    attempts: numberOf(headers[handOverHeaders.attempts]) ?? byBroker?.count ?? 0,
    since: textOf(headers[handOverHeaders.firstFailedAt]) ?? byBroker?.time,
    content,
  };
}

/** `products.order-placed.v1.dead-letter`, with the prefix of the installation. */
export function letterQueueOf(queue: string, prefix: string): string {
  return deadLetterQueueName(prefix + queue);
}

/** The broker gives up what it has delivered too often, with a header of its own. */
function readDeath(headers: Readonly<Record<string, unknown>>) {
  const [death] = Array.isArray(headers['x-death']) ? (headers['x-death'] as unknown[]) : [];
  if (typeof death !== 'object' || death === null) return undefined;
  const { reason, time, count } = death as Readonly<Record<string, unknown>>;
  const seconds =
    typeof time === 'object' && time !== null && 'value' in time ? Number(time.value) : Number.NaN;
  return {
    reason: `the broker gave it up: ${textOf(reason) ?? 'it does not say why'}`,
    count: numberOf(count) ?? 0,
    time: Number.isNaN(seconds) ? undefined : new Date(seconds * 1_000).toISOString(),
  };
}

function idOf(content: Buffer): string {
  return `sha256-${createHash('sha256').update(content).digest('hex').slice(0, 16)}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
