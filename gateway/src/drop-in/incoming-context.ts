import { anonymous } from '@trellis/auth';
import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import { createAborting } from '../aborting.ts';
import { pickHeaders } from '../protocol/http-context.ts';
import type { RequestContext } from '../request-context.ts';
import { correlationHeader, correlationIdFrom, traceparentFrom } from '../telemetry/correlation.ts';

/** Apollo Server does not tell a gateway that a client left. */
const nobodyLeaves = createAborting().signal;

/**
 * What the engine is to know of a request of Apollo Server's. Who the caller is stays the server's business: subgraphs are told of an
 * anonymous one, and of the headers that they are to have.
 */
export function incomingContext(
  { request }: GatewayGraphQLRequestContext,
  forwardHeaders: readonly string[],
): RequestContext {
  const header = (name: string): string | undefined => request.http?.headers.get(name) ?? undefined;
  const traceparent = traceparentFrom(header('traceparent'));
  return {
    identity: anonymous,
    correlationId: correlationIdFrom(header(correlationHeader)),
    ...(traceparent === undefined ? {} : { traceparent }),
    forwardedHeaders: pickHeaders(header, forwardHeaders),
    signal: nobodyLeaves,
  };
}
