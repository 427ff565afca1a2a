import { gatewayIdentityHeader, type IdentitySigner } from '@trellis/auth';
import type { RequestContext } from '../../request-context.ts';
import type { Headers } from './request-header-rules.ts';

/** What the gateway says itself; a header of the client's never takes its place. */
const own = new Set(['content-type', 'accept', 'accept-encoding', gatewayIdentityHeader, 'x-correlation-id']);

/**
 * The headers of a POST to a subgraph, names and values by turns.
 * @param forwarded those of the client's that the subgraph is given.
 * @param subgraph its name.
 */
export function requestHeaders(
  { identity, correlationId, traceparent }: RequestContext,
  forwarded: Headers,
  subgraph: string,
  signer: IdentitySigner | undefined,
  accept: string,
): string[] {
  const headers = ['content-type', 'application/json', 'accept', accept, 'x-correlation-id', correlationId];
  if (signer !== undefined) headers.push(gatewayIdentityHeader, signer.sign(identity, subgraph));
  if (traceparent !== undefined) headers.push('traceparent', traceparent);
  for (const name in forwarded) {
    if (own.has(name) || (name === 'traceparent' && traceparent !== undefined)) continue;
    headers.push(name, forwarded[name]!);
  }
  return headers;
}

/** The headers of a connection to a subgraph that serves any number of a caller's requests; see `operationExtensions` for those of one. */
export function connectionHeaders(
  { identity }: RequestContext,
  forwarded: Headers,
  subgraph: string,
  signer: IdentitySigner | undefined,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name in forwarded) {
    if (!own.has(name)) headers[name] = forwarded[name]!;
  }
  if (signer !== undefined) headers[gatewayIdentityHeader] = signer.sign(identity, subgraph);
  return headers;
}

/** What would be headers of a request, for one that travels on a connection with others: they stand in its `extensions`. */
export function operationExtensions({
  correlationId,
  traceparent,
}: RequestContext): Readonly<Record<string, unknown>> {
  const headers = {
    'x-correlation-id': correlationId,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  return { headers };
}
