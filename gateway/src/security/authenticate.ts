import {
  anonymous,
  bearerToken,
  clockToleranceSeconds,
  createRemoteKeySet,
  identityFromClaims,
  InvalidTokenError,
  verifyToken,
  type Claims,
  type Identity,
  type KeySet,
} from '@trellis/auth';
import type { Logger } from '@trellis/lifecycle';
import type { GraphQLError } from 'graphql';
import { onceAMinute } from './once-a-minute.ts';
import { refusal } from './refusal.ts';

/**
 * Whose access tokens the gateway accepts: JWTs of the type `at+jwt` (RFC 9068), signed with ES256 by a key that has a `kid`, and not over for more than
 * 5 s, which clocks may differ by. Issuers that sign otherwise are for `forwardHeaders: ['authorization']`, which leaves tokens to the subgraphs.
 */
export interface TokenRules {
  /** Where the issuer publishes its keys (RFC 7517); with several, a key may be in any of them. */
  readonly jwksUrls: readonly string[];
  /** The `iss` claim that a token must have. */
  readonly issuer: string;
  /** The `aud` claim that a token must have. */
  readonly audience: string;
}

/** Who a caller was found to be. */
export interface Authenticated {
  readonly identity: Identity;
  /** From when on the token is not believed, in milliseconds since the epoch: its `exp`, and what clocks may differ by. Absent for anonymous callers. */
  readonly identityExpiresAt?: number | undefined;
}

/**
 * Tells who is calling from the value of an `Authorization` header.
 * @throws GraphQLError with UNAUTHENTICATED for a token that is not valid, IDENTITY_PROVIDER_UNAVAILABLE when that cannot be told.
 */
export type Authenticate = (authorization: string | undefined) => Promise<Authenticated>;

/** For a gateway that knows no issuer and leaves tokens to its subgraphs: everyone is anonymous. */
export const authenticateNobody: Authenticate = () => nobody;

const nobody = Promise.resolve<Authenticated>({ identity: anonymous });

/**
 * A caller without a token is anonymous; one with a token that is not valid is refused, never taken for anonymous, and the log has the reason.
 * @param now the clock that bounds the log, in milliseconds.
 */
export function createAuthenticate(
  rules: TokenRules | undefined,
  logger: Logger,
  now: () => number = Date.now,
): Authenticate {
  const isNews = onceAMinute(now);
  const tell = (reason: string): void => {
    logger[isNews(reason) ? 'info' : 'debug']({ reason }, 'an access token was refused');
  };
  const keys = anyOf((rules?.jwksUrls ?? []).map((url) => createRemoteKeySet(url)));
  return async (authorization) => {
    const token = bearerToken(authorization);
    if (token === undefined) return { identity: anonymous };
    if (token === null) throw unauthenticated('The Authorization header holds no bearer token.');
    if (rules === undefined) throw unauthenticated('This gateway accepts no access tokens.');
    let claims: Claims;
    try {
      claims = await verifyToken(
        token,
        { type: 'at+jwt', issuer: rules.issuer, audience: rules.audience },
        keys,
      );
    } catch (error) {
      if (error instanceof InvalidTokenError) {
        tell(error.reason);
        throw unauthenticated(
          // Found out after the signature, so only the bearer of an authentic token is told.
          error.reason === 'jwt expired' ? 'The access token has expired.' : 'The access token is not valid.',
        );
      }
      logger.error({ err: error }, 'the key set of the token issuer cannot be reached');
      throw refusal(
        'Access tokens cannot be checked now: try again later.',
        'IDENTITY_PROVIDER_UNAVAILABLE',
        {
          status: 503,
          headers: { 'retry-after': '5' },
        },
      );
    }
    const identity = identityFromClaims(claims);
    // A token that names nobody would otherwise pass as anonymous.
    if (identity.kind === 'anonymous') {
      tell('no sub');
      throw unauthenticated('The access token is not valid.');
    }
    return { identity, identityExpiresAt: (claims.exp + clockToleranceSeconds) * 1_000 };
  };
}

function unauthenticated(message: string): GraphQLError {
  // RFC 6750, section 3.
  return refusal(message, 'UNAUTHENTICATED', {
    status: 401,
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  });
}

function anyOf(sets: readonly KeySet[]): KeySet {
  return {
    async find(kid) {
      const found = await Promise.allSettled(sets.map((set) => set.find(kid)));
      for (const result of found) {
        if (result.status === 'fulfilled' && result.value !== undefined) return result.value;
      }
      const failed = found.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      return undefined;
    },
  };
}
