import { signToken } from '@trellis/auth';
import type { AccessTokens } from '../application/access-tokens.ts';
import type { KeyRing } from './key-ring.ts';

/** How long an access token is good. A role that was taken away, or a session that was ended, lives on in it for as long. */
const lifetimeSeconds = 15 * 60;

export interface AccessTokenOptions {
  readonly keyRing: KeyRing;
  readonly issuer: string;
  readonly audience: string;
  /** Makes the token's `jti`. */
  readonly newId: () => string;
}

/** Signs access tokens as JWTs (RFC 9068): `sub`, `roles`, `sid` (the session), `jti`. */
export function createAccessTokens({ keyRing, issuer, audience, newId }: AccessTokenOptions): AccessTokens {
  return {
    issue(account, sessionId, now) {
      const iat = Math.floor(now.getTime() / 1_000);
      const claims = { iat, sub: account.id, roles: [account.role], sid: sessionId, jti: newId() };
      const kind = { type: 'at+jwt', issuer, audience };
      return {
        token: signToken(keyRing.signingKey(), kind, claims, lifetimeSeconds),
        expiresAt: new Date((iat + lifetimeSeconds) * 1_000),
      };
    },
  };
}
