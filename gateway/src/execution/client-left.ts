import { GraphQLError } from 'graphql';

/** What an operation ends with whose client is gone: nobody reads it, and logs should not take it for a fault. */
export function clientLeft(): GraphQLError {
  return new GraphQLError('The client left.', { extensions: { code: 'CLIENT_CLOSED_REQUEST' } });
}
