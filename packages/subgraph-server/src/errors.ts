import type { Identity } from '@trellis/auth';
import type { Logger } from '@trellis/lifecycle';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

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

const maskedMessage = 'Internal server error';

/**
 * Prepares an error for the caller: what was thrown on purpose (a GraphQLError, or the request's own fault) goes out with its code;
 * everything else is logged and goes out as INTERNAL_SERVER_ERROR, saying nothing.
 */
export function maskError(
  formatted: GraphQLFormattedError,
  error: unknown,
  logger: Logger,
): GraphQLFormattedError {
  const original = error instanceof GraphQLError ? error.originalError : error;
  const meant = original === undefined || original === null || original instanceof GraphQLError;
  const code = formatted.extensions?.['code'];
  if (meant && code !== 'INTERNAL_SERVER_ERROR') {
    const { stacktrace: _stacktrace, ...extensions } = formatted.extensions ?? {};
    return { ...formatted, extensions };
  }
  logger.error({ err: original ?? error, path: formatted.path }, 'a resolver failed');
  return {
    message: maskedMessage,
    ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
    ...(formatted.path === undefined ? {} : { path: formatted.path }),
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  };
}
