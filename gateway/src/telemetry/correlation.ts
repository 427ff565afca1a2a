import { randomUUID } from 'node:crypto';

/** The header that joins the logs of every process a request touches; it is in every response too. */
export const correlationHeader = 'x-correlation-id';

/** Tells the ids of this process from those of all others. */
const ofThisProcess = randomUUID().replaceAll('-', '');
let given = 0;

/** The caller's id when it is one that may stand in a log and a header, otherwise a new one. */
export function correlationIdFrom(header: string | undefined): string {
  if (header !== undefined && /^[\w-]{1,64}$/.test(header)) return header;
  // Counted, because drawing and writing a UUID for each takes longer than reading a small request.
  given += 1;
  return `${ofThisProcess}-${given.toString(36)}`;
}

/** The caller's trace context when it has the form of W3C Trace Context, section 3.2. */
export function traceparentFrom(header: string | undefined): string | undefined {
  return header !== undefined && /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/.test(header)
    ? header
    : undefined;
}
