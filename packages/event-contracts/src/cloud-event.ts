import { z } from 'zod';
import { eventContracts, isEventType, type EventData, type EventType } from './contracts.ts';

/**
 * A domain event in its envelope: CloudEvents 1.0, structured JSON mode, with the `traceparent` extension (CloudEvents
 * Distributed Tracing) and a `correlationid` of our own that follows one customer request to its last consumer.
 */
export type CloudEvent<T extends EventType = EventType> = {
  readonly [K in T]: {
    readonly specversion: '1.0';
    /** Unique to this event (UUID): what consumers de-duplicate by. */
    readonly id: string;
    readonly type: K;
    /** The service that publishes: `/trellis/orders`. */
    readonly source: string;
    /** The id of the entity that the event is about. */
    readonly subject: string;
    /** When it happened, RFC 3339. */
    readonly time: string;
    readonly datacontenttype: 'application/json';
    readonly correlationid?: string | undefined;
    readonly traceparent?: string | undefined;
    readonly data: EventData<K>;
  };
}[T];

/** The schema of the envelope; each contract adds its `data`. */
export const eventEnvelope = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  type: z.string(),
  source: z.string().min(1),
  subject: z.string().min(1),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
  correlationid: z.string().optional(),
  traceparent: z.string().optional(),
});

/** An event does not fit its contract. `problems` are sentences that name the field. */
export class InvalidEventError extends Error {
  override readonly name = 'InvalidEventError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`event does not fit its contract: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/** What is needed to make an event; the envelope's fixed fields are filled in. */
export interface EventInput<T extends EventType> {
  readonly type: T;
  readonly id: string;
  readonly subject: string;
  readonly time: Date;
  readonly data: EventData<T>;
  readonly correlationId?: string | undefined;
  readonly traceparent?: string | undefined;
}

/**
 * Makes an event of a known type and checks it against its contract, so that nothing unreadable is ever published.
 * @throws InvalidEventError when `data` does not fit the contract of `type`.
 */
export function createEvent<T extends EventType>(input: EventInput<T>): CloudEvent<T> {
  return parseEvent({
    specversion: '1.0',
    id: input.id,
    type: input.type,
    source: `/trellis/${input.type.split('.')[0]}`,
    subject: input.subject,
    time: input.time.toISOString(),
    datacontenttype: 'application/json',
    ...(input.correlationId === undefined ? {} : { correlationid: input.correlationId }),
    ...(input.traceparent === undefined ? {} : { traceparent: input.traceparent }),
    data: input.data,
  }) as CloudEvent<T>;
}

/**
 * Reads an event that came from outside. Fields that the contract does not name are dropped, so that a producer may add some.
 * @throws InvalidEventError when the envelope, the type or the data is not one we know.
 */
export function parseEvent(raw: unknown): CloudEvent {
  const head = eventEnvelope.safeParse(raw);
  if (!head.success) throw new InvalidEventError(problemsOf(head.error, 'event'));
  const { type } = head.data;
  if (!isEventType(type)) throw new InvalidEventError([`type: "${type}" is not an event this version knows`]);
  const data = eventContracts[type].data.safeParse((raw as { data?: unknown }).data);
  if (!data.success) throw new InvalidEventError(problemsOf(data.error, 'data'));
  return { ...head.data, data: data.data } as CloudEvent;
}

function problemsOf(error: z.ZodError, root: string): string[] {
  return error.issues.map((issue) => `${[root, ...issue.path].join('.')}: ${issue.message}`);
}
