import type { IncomingMessage } from 'node:http';

const json = 'application/json; charset=utf-8';
const graphqlResponse = 'application/graphql-response+json; charset=utf-8';

/** The response's type for the values of `Accept` that clients of GraphQL send. Any other value is left to content negotiation. */
const responseTypes = new Map<string, string>([
  ['*/*', json],
  ['application/json', json],
  ['application/json, */*', json],
  ['application/json, text/plain, */*', json],
  ['application/json; charset=utf-8', json],
  ['application/graphql-response+json', graphqlResponse],
  ['application/graphql-response+json, application/json', graphqlResponse],
  ['application/graphql-response+json,application/json;q=0.9', graphqlResponse],
  ['application/graphql-response+json, application/json;q=0.9', graphqlResponse],
  // urql, which would take a stream too.
  [
    'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
    graphqlResponse,
  ],
]);

/** @returns undefined when that takes more than a look at the header. */
export function responseTypeFor(accept: string | undefined): string | undefined {
  return accept === undefined ? json : responseTypes.get(accept);
}

const jsonContent = /^application\/json(?:;\s*charset=utf-8)?$/i;

/** Whether a request is a POST of JSON to the endpoint, of known and allowed length, that takes JSON back. */
export function isPlainPost({ method, url, headers }: IncomingMessage, maxBytes: number): boolean {
  if (method !== 'POST' || url !== '/graphql') return false;
  const { 'content-type': type, 'content-length': length, 'content-encoding': encoding } = headers;
  if (type === undefined || (type !== 'application/json' && !jsonContent.test(type))) return false;
  if (encoding !== undefined || length === undefined) return false;
  // Its answer goes to an event stream.
  if (headers['x-graphql-event-stream-token'] !== undefined) return false;
  const bytes = Number(length);
  return bytes > 1 && bytes <= maxBytes && responseTypeFor(headers.accept) !== undefined;
}
