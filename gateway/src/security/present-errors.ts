import type { Logger } from '@trellis/lifecycle';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { PresentResult } from '../execution/present-result.ts';
import type { RequestContext } from '../request-context.ts';
import { SubrequestFailure } from '../subgraph/subrequest-failure.ts';
import { withoutValues } from './without-values.ts';

const unexpected = 'INTERNAL_SERVER_ERROR';

/** The client is told of it, and yet whoever runs the gateway has to mend it. */
const notPlannable = 'OPERATION_NOT_PLANNABLE';

/** From a subgraph, these say that the gateway's request was wrong, of which its client knows nothing. */
const faultsOfTheGateway: readonly unknown[] = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED'];

function isUnexpected({ code, service }: Readonly<Record<string, unknown>>): boolean {
  return (
    code === undefined || code === unexpected || (service !== undefined && faultsOfTheGateway.includes(code))
  );
}

/**
 * An error as a client may see it. One that nobody expected (no code, or INTERNAL_SERVER_ERROR, here or in a subgraph) keeps its place and
 * its subgraph's name and loses its message, which may hold anything.
 */
export function maskError(error: GraphQLFormattedError): GraphQLFormattedError {
  const { stacktrace: _stacktrace, http: _http, ...extensions } = error.extensions ?? {};
  if (!isUnexpected(extensions)) return { ...error, extensions };
  const { service } = extensions;
  return {
    message: 'Internal server error',
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    ...(error.path === undefined ? {} : { path: error.path }),
    extensions: { code: unexpected, ...(service === undefined ? {} : { service }) },
  };
}

/** Writes to the log what clients are not told. Variables, tokens and documents never go there. */
export function logErrors(
  logger: Logger,
  errors: readonly GraphQLError[],
  context: Pick<RequestContext, 'correlationId'> | undefined,
  operationName: string | null | undefined,
): void {
  for (const alike of groupAlike(errors)) {
    const [error] = alike;
    const { code = unexpected, service: subgraph } = error.extensions;
    const about = {
      correlationId: context?.correlationId,
      operationName,
      code,
      // Not `service`: that is whose log it is.
      subgraph,
      path: error.path,
      ...(alike.length > 1 ? { count: alike.length } : {}),
    };
    const cause = rootCause(error);
    if (cause instanceof SubrequestFailure) {
      logger.warn({ ...about, reason: cause.reason }, 'a request to a subgraph failed');
    } else if (isUnexpected(error.extensions) || code === notPlannable) {
      const message = withoutValues(cause.message);
      // A subgraph's error has a stack of the gateway's, which says nothing.
      const stack = subgraph === undefined ? cause.stack?.replace(cause.message, () => message) : undefined;
      const next = alike.slice(1, loggedInFull).map((other) => ({
        message: withoutValues(rootCause(other).message),
        path: other.path,
      }));
      const more = next.length > 0 ? { next } : {};
      const err = stack === undefined ? { message } : { message, stack };
      logger.error({ ...about, err, ...more }, 'an unexpected error');
    } else {
      // The message is the client's own to read, and may repeat its variables.
      logger.debug(about, 'an error was answered');
    }
  }
}

/** How many errors of a kind have their message in the log. */
const loggedInFull = 3;

/**
 * Errors by what one line of the log tells together: those of one request that failed, which leaves many fields without data, or those that have the code and
 * the subgraph in common. A subgraph may answer with thousands.
 */
function groupAlike(errors: readonly GraphQLError[]): Iterable<readonly [GraphQLError, ...GraphQLError[]]> {
  const groups = new Map<unknown, [GraphQLError, ...GraphQLError[]]>();
  for (const error of errors) {
    const { code, service } = error.extensions;
    const cause = rootCause(error);
    const key = cause instanceof SubrequestFailure ? cause : JSON.stringify([code, service]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [error]);
    else group.push(error);
  }
  return groups.values();
}

/** What an error was made of: shaping wraps the ones that it places in the response. */
function rootCause(error: Error): Error {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError !== undefined) cause = cause.originalError;
  return cause;
}

/** An error as Apollo Server would answer it. */
export function formatError(error: GraphQLError): GraphQLFormattedError {
  const { code = unexpected } = error.extensions;
  return maskError({ ...error.toJSON(), extensions: { ...error.extensions, code } });
}

/** Logging and masking for results that do not go through Apollo Server. */
export function createPresentResult(logger: Logger): PresentResult {
  return ({ errors, ...result }, context) => {
    if (errors === undefined) return result;
    logErrors(logger, errors, context, undefined);
    return { ...result, errors: errors.map(formatError) };
  };
}
