import { gatewayIdentityHeader, type IdentitySigner } from '@trellis/auth';
import type { RequestContext } from '../request-context.ts';

/** What the gateway says itself; a header of the client's never takes its place. */
const own = new Set(['content-type', 'accept', 'accept-encoding', gatewayIdentityHeader, 'x-correlation-id']);

/** The headers of a request to a subgraph, names and values by turns. @param subgraph its name. */
export function requestHeaders(
  { forwardedHeaders, identity, correlationId, traceparent }: RequestContext,
  subgraph: string,
  signer: IdentitySigner | undefined,
  accept: string,
): string[] {
  const headers = ['content-type', 'application/json', 'accept', accept, 'x-correlation-id', correlationId];
  if (signer !== undefined) headers.push(gatewayIdentityHeader, signer.sign(identity, subgraph));
  if (traceparent !== undefined) headers.push('traceparent', traceparent);
  for (const name in forwardedHeaders) {
    if (own.has(name) || (name === 'traceparent' && traceparent !== undefined)) continue;
    headers.push(name, forwardedHeaders[name]!);
  }
  return headers;
}
