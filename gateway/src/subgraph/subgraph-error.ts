import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** Extensions that servers add for their own developers; they hold stacks, addresses and bodies. */
const internalExtensions = new Set(['stacktrace', 'exception', 'http', 'response', 'serviceName', 'service']);

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
    Object.entries(error.extensions ?? {}).filter(([name]) => !internalExtensions.has(name)),
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
