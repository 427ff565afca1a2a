import { anonymous, type Identity } from './identity.ts';
import type { KeySet } from './key-set.ts';
import type { SigningKey } from './signing-key.ts';
import { InvalidTokenError, signToken, verifyToken } from './token.ts';

/** The header in which the gateway tells a subgraph on whose behalf it asks. */
export const gatewayIdentityHeader = 'x-gateway-identity';

const tokenType = 'gateway-identity+jwt';
const issuer = 'trellis-gateway';
const lifetimeSeconds = 60;
/** A token is handed out again until this much of its life is gone; signing each request anew would cost more than the rest of it. */
const reuseSeconds = 20;

/** Makes the gateway's tokens for subgraphs. */
export interface IdentitySigner {
  /**
   * A token that tells `subgraph`, and no other, who asks. It lives for a minute.
   * @param subgraph its name in the supergraph.
   */
  sign(identity: Identity, subgraph: string): string;
}

/** A token, and until when it is handed out. */
interface Signed {
  readonly token: string;
  readonly until: number;
}

export function createIdentitySigner(key: SigningKey, now: () => number = Date.now): IdentitySigner {
  // By the identity itself, which is one object for as long as its caller is known.
  const tokens = new WeakMap<Identity, Map<string, Signed>>();
  const tokensOf = (identity: Identity) => {
    let known = tokens.get(identity);
    if (known === undefined) tokens.set(identity, (known = new Map<string, Signed>()));
    return known;
  };
  return {
    sign(identity, subgraph) {
      const bySubgraph = tokensOf(identity);
      const known = bySubgraph.get(subgraph);
      if (known !== undefined && known.until > now()) return known.token;
      const claims =
        identity.kind === 'anonymous'
          ? {}
          : { sub: identity.userId, roles: identity.roles, sid: identity.sessionId };
      const token = signToken(key, { type: tokenType, issuer, audience: subgraph }, claims, lifetimeSeconds);
      bySubgraph.set(subgraph, { token, until: now() + reuseSeconds * 1_000 });
      return token;
    },
  };
}

/** Checks, in a subgraph, that a request comes from the gateway, and for whom. */
export interface IdentityVerifier {
  /** @throws InvalidTokenError when the token is missing or not the gateway's word to this subgraph. */
  verify(token: string | undefined): Promise<Identity>;
}

/** @param subgraph this subgraph's name in the supergraph: a token for another one is refused. */
export function createIdentityVerifier(keys: KeySet, subgraph: string): IdentityVerifier {
  return {
    async verify(token) {
      if (token === undefined) throw new InvalidTokenError('no gateway identity');
      const claims = await verifyToken(token, { type: tokenType, issuer, audience: subgraph }, keys);
      return identityFromClaims(claims);
    },
  };
}

/** Reads an identity from the claims of a verified token: `sub`, `roles`, `sid`. */
export function identityFromClaims(claims: Readonly<Record<string, unknown>>): Identity {
  const { sub, roles, sid } = claims;
  if (typeof sub !== 'string' || sub === '') return anonymous;
  return {
    kind: 'user',
    userId: sub,
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
    ...(typeof sid === 'string' ? { sessionId: sid } : {}),
  };
}
