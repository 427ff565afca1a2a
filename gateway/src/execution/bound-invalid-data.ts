import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../error-codes.ts';
import { leftOutErrors, maxErrors } from '../subgraph/subgraph-result.ts';

/**
 * Bounds the errors of data that does not fit the schema, as those are bounded that subgraphs tell themselves: a response of 10 MB holds half a million
 * wrong values. What a subgraph has more than `maxErrors` is summed up in one error. Errors of other codes stay as they are.
 */
export function boundInvalidData(errors: readonly GraphQLError[]): GraphQLError[] {
  const counts = new Map<unknown, number>();
  const bounded = errors.filter(({ extensions: { code, service } }) => {
    if (code !== ('SUBREQUEST_INVALID_DATA' satisfies ErrorCode)) return true;
    const count = (counts.get(service) ?? 0) + 1;
    counts.set(service, count);
    return count <= maxErrors;
  });
  for (const [service, count] of counts) {
    if (count > maxErrors) bounded.push(summary(count - maxErrors, service));
  }
  return bounded;
}

/** @param service undefined when it is not known whose data it is. */
function summary(count: number, service: unknown): GraphQLError {
  const { message, extensions } = leftOutErrors(count);
  return new GraphQLError(message, {
    extensions: { ...extensions, ...(service === undefined ? {} : { service }) },
  });
}
