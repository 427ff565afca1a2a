import { InvalidEventError, parseEvent, type CloudEvent, type EventType } from '@trellis/event-contracts';

/** An event larger than this is a mistake; no consumer reads it. In bytes of JSON. */
export const maxEventBytes = 1024 * 1024;

/** What came of reading a message: the event, or why it can never be one. */
export type Reading =
  | { readonly kind: 'event'; readonly event: CloudEvent }
  | { readonly kind: 'poison'; readonly reason: string };

/**
 * Writes an event as UTF-8 JSON.
 * @throws InvalidEventError when it does not fit its contract or is too large: no consumer could read it.
 */
export function encodeEvent(event: CloudEvent): Buffer {
  parseEvent(event);
  const content = Buffer.from(JSON.stringify(event));
  if (content.length > maxEventBytes) throw new InvalidEventError([tooLarge(content.length)]);
  return content;
}

/** Reads the event that a consumer of `expected` was sent. Never throws: what cannot be read is poison, with the reason. */
export function decodeEvent(content: Buffer, expected: EventType): Reading {
  if (content.length > maxEventBytes) return poison(tooLarge(content.length));
  let event: CloudEvent;
  try {
    event = parseEvent(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content)));
  } catch (error) {
    // JSON.parse and the decoder throw SyntaxError and TypeError; parseEvent says which field is wrong.
    return poison(error instanceof InvalidEventError ? error.message : `not JSON in UTF-8: ${String(error)}`);
  }
  if (event.type !== expected) return poison(`type "${event.type}" came where "${expected}" is consumed`);
  return { kind: 'event', event };
}

function poison(reason: string): Reading {
  return { kind: 'poison', reason };
}

function tooLarge(bytes: number): string {
  return `event: has ${bytes} bytes, more than the ${maxEventBytes} that are allowed`;
}
