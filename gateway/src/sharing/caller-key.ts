import type { RequestContext } from '../request-context.ts';

/**
 * The same for requests that subgraphs cannot tell apart but by what they ask: made on behalf of the same caller, with the same forwarded headers.
 */
export function callerKey({ identity, forwardedHeaders }: RequestContext): string {
  for (const _ in forwardedHeaders) return JSON.stringify([identity, forwardedHeaders]);
  return identity.kind === 'anonymous' ? '' : JSON.stringify(identity);
}
