import type { Identity } from '@trellis/auth';
import { DatabaseUnavailableError } from '@trellis/database';
import type { Logger } from '@trellis/lifecycle';
import { GraphQLError, isValueNode, type GraphQLFormattedError } from 'graphql';

type User = Extract<Identity, { kind: 'user' }>;

/** The caller must log in first. */
export function unauthenticated(): GraphQLError {
  return new GraphQLError('You must be logged in.', { extensions: { code: 'UNAUTHENTICATED' } });
}

/** The caller is known and may not. */
export function forbidden(): GraphQLError {
  return new GraphQLError('You are not allowed to do this.', { extensions: { code: 'FORBIDDEN' } });
}

/** An argument of a query does not fit. */
export function badArgument(argument: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', argument } });
}

/** Nobody waits for the answer any more; none will be read. */
export function clientClosedRequest(): GraphQLError {
  return new GraphQLError('The client left.', { extensions: { code: 'CLIENT_CLOSED_REQUEST' } });
}

/** @returns the logged-in caller. @throws GraphQLError UNAUTHENTICATED when there is none. */
export function requireUser(identity: Identity): User {
  if (identity.kind === 'anonymous') throw unauthenticated();
  return identity;
}

/** @returns the caller. @throws GraphQLError UNAUTHENTICATED or FORBIDDEN when they do not have the role. */
export function requireRole(identity: Identity, role: string): User {
  const user = requireUser(identity);
  if (!user.roles.includes(role)) throw forbidden();
  return user;
}

const serviceUnavailable = {
  message: 'The service cannot answer at the moment. Try again later.',
  code: 'SERVICE_UNAVAILABLE',
};
const internal = { message: 'Internal server error', code: 'INTERNAL_SERVER_ERROR' };

/**
 * Prepares an error for the caller: what was thrown on purpose (a GraphQLError, or the request's own fault) goes out with its code; a
 * database that does not answer is SERVICE_UNAVAILABLE; everything else is INTERNAL_SERVER_ERROR. The last two are logged, and say nothing.
 */
export function maskError(
  formatted: GraphQLFormattedError,
  error: unknown,
  logger: Logger,
): GraphQLFormattedError {
  const original = (error instanceof GraphQLError ? error.originalError : undefined) ?? error;
  if (original instanceof GraphQLError) {
    const { stacktrace: _stacktrace, ...extensions } = formatted.extensions ?? {};
    if (isUnfitArgument(original)) {
      return { ...formatted, extensions: { ...extensions, code: 'BAD_USER_INPUT' } };
    }
    if (extensions['code'] !== internal.code) return { ...formatted, extensions };
  }
  const isUnavailable = original instanceof DatabaseUnavailableError;
  if (isUnavailable)
    logger.warn({ reason: original.message, path: formatted.path }, 'a resolver had no database');
  else logger.error({ err: original, path: formatted.path }, 'a resolver failed');
  const { message, code } = isUnavailable ? serviceUnavailable : internal;
  return {
    message,
    ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
    ...(formatted.path === undefined ? {} : { path: formatted.path }),
    extensions: { code },
  };
}

/**
 * Whether graphql-js refused the value of an argument while executing: a null variable where the argument has a default and takes no null passes
 * validation (GraphQL specification, section 5.8.5). Only such an error points at a value of the operation.
 */
function isUnfitArgument({ nodes }: GraphQLError): boolean {
  return nodes?.some(isValueNode) === true;
}
