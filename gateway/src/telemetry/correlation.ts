import { randomInt, randomUUID } from 'node:crypto';

/** The header that joins the logs of every process a request touches; it is in every response too. */
export const correlationHeader = 'x-correlation-id';

/** Tells the ids of this process from those of all others. */
let ofThisProcess = '';
let mask = 0;
let given = 0;

/** Knuth's multiplicative hash (The Art of Computer Programming, section 6.4): odd, so that no two numbers of 32 bits become one. */
const step = 2_654_435_761;
const mostOfOneProcess = 2 ** 32;

/** The caller's id when it is one that may stand in a log and a header, otherwise a new one. */
export function correlationIdFrom(header: string | undefined): string {
  if (header !== undefined && /^[\w-]{1,64}$/.test(header)) return header;
  // Counted, because drawing and writing a UUID for each takes longer than reading a small request; and mixed, so that it does not tell clients
  // how many there are.
  if (given % mostOfOneProcess === 0) {
    ofThisProcess = randomUUID().replaceAll('-', '');
    mask = randomInt(mostOfOneProcess);
  }
  given += 1;
  return `${ofThisProcess}-${((Math.imul(given, step) ^ mask) >>> 0).toString(36)}`;
}

/** The caller's trace context when it has the form of W3C Trace Context, section 3.2. */
export function traceparentFrom(header: string | undefined): string | undefined {
  return header !== undefined && /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/.test(header)
    ? header
    : undefined;
}
