import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/**
 * Extensions that servers add for their own developers, in lower case: they hold stacks, addresses, and what was asked for, with all its values.
 */
const internalExtensions: ReadonlySet<string> = new Set([
  ...['stacktrace', 'stack', 'trace', 'callstack', 'backtrace'],
  ...['exception', 'exceptions', 'cause', 'debug', 'debugmessage', 'debuginfo', 'originalerror'],
  ...['http', 'request', 'response', 'headers', 'body', 'config', 'query', 'variables', 'sql'],
  ...['url', 'uri', 'host', 'hostname', 'service', 'servicename', 'downstreamerrors'],
]);

/**
 * A subgraph's error as one of the client's response: at its place there, with the code that the subgraph gave it and the subgraph's
 * name. Whether the message may be shown is decided where all errors are masked.
 * @param path undefined when the place is not known yet.
 */
export function subgraphError(
  error: GraphQLFormattedError,
  service: string,
  path: readonly (string | number)[] | undefined,
): GraphQLError {
  const extensions = Object.fromEntries(
    Object.entries(error.extensions ?? {}).filter(([name]) => !internalExtensions.has(name.toLowerCase())),
  );
  return new GraphQLError(error.message, {
    path,
    extensions: {
      ...extensions,
      code: typeof extensions['code'] === 'string' ? extensions['code'] : 'INTERNAL_SERVER_ERROR',
      service,
    },
  });
}
