import type { CloudEvent } from './cloud-event.ts';
import type { EventType } from './contracts.ts';

/** What made something happen: carried into the events that tell of it, so that one request can be followed to its end. */
export interface Cause {
  readonly correlationId?: string | undefined;
  /** W3C Trace Context. */
  readonly traceparent?: string | undefined;
}

/** What an event causes has the event's own cause. */
export function causeOf<T extends EventType>(event: CloudEvent<T>): Cause {
  return { correlationId: event.correlationid, traceparent: event.traceparent };
}
