import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createAborting, type LeaveSignal } from '../aborting.ts';
import type { RequestContext } from '../request-context.ts';
import type { Authenticate, Authenticated } from '../security/authenticate.ts';
import type { ResponseHeaders } from '../subgraph/headers/response-headers.ts';
import { correlationHeader, correlationIdFrom, traceparentFrom } from '../telemetry/correlation.ts';
import { responseHeadersFor } from './relay-response-headers.ts';

/** Makes the context of an HTTP request. @throws GraphQLError when the caller is refused; see {@link Authenticate}. */
export type MakeContext = (exchange: {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}) => Promise<RequestContext>;

/** Why the callers of requests are refused. */
const refused = new WeakMap<IncomingMessage, unknown>();

/** Tells, of a request whose caller was asked for before it is passed on, why that is refused: to ask again would take as long, and be logged again. */
export function refuseCaller(request: IncomingMessage, reason: unknown): void {
  refused.set(request, reason);
}

/** @param forwardHeaders names of client headers, in lower case, that subgraphs are given. */
export function createMakeContext(
  authenticate: Authenticate,
  forwardHeaders: readonly string[],
): MakeContext {
  return async ({ req, res }) => {
    if (refused.has(req)) throw refused.get(req);
    const { headers } = req;
    const signal = leavingOf(res);
    const caller = await authenticate(headers.authorization);
    const correlationId = String(
      res.getHeader(correlationHeader) ?? correlationIdFrom(headerOf(headers, correlationHeader)),
    );
    return contextOf(headers, caller, correlationId, forwardHeaders, signal, responseHeadersFor(res));
  };
}

/** What the gateway knows of a request whose caller it knows. */
export function contextOf(
  headers: IncomingHttpHeaders,
  caller: Authenticated,
  correlationId: string,
  forwardHeaders: readonly string[],
  signal: LeaveSignal,
  responseHeaders?: ResponseHeaders,
): RequestContext {
  // Every context has every key: objects of one shape are the cheapest to make and to read.
  return {
    identity: caller.identity,
    identityExpiresAt: caller.identityExpiresAt,
    correlationId,
    traceparent: traceparentFrom(headerOf(headers, 'traceparent')),
    forwardedHeaders: pickHeaders((name) => headerOf(headers, name), forwardHeaders),
    responseHeaders,
    signal,
  };
}

/** A signal that is aborted when the client leaves before it has the whole response. */
export function leavingOf(response: ServerResponse): LeaveSignal {
  const leaving = createAborting();
  response.on('close', () => {
    if (!response.writableFinished) leaving.abort();
  });
  return leaving.signal;
}

/** A header's value; of one that came several times, all of them. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  return headers[name]?.toString();
}

/** The headers of a list that a request has. */
export function pickHeaders(
  get: (name: string) => string | undefined,
  names: readonly string[],
): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = get(name);
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}
