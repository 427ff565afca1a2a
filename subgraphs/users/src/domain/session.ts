/** How long a refresh token lives that is not used. */
export const refreshTokenLifetimeMs = 30 * 24 * 60 * 60 * 1_000;

/** One login, and the family of refresh tokens that grew from it. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: Date;
  /** The end of its newest refresh token; moves ahead with every exchange. */
  readonly expiresAt: Date;
}

/** What is kept of a refresh token: enough to know it again, not enough to use it. */
export interface RefreshToken {
  readonly hash: string;
  readonly expiresAt: Date;
  /** When it was exchanged; null while it is good. */
  readonly spentAt: Date | null;
}

/** What is to be done with a refresh token that is presented. */
export type Redemption =
  | { readonly kind: 'exchange' }
  /** It was exchanged before: two parties hold it, and who is the owner cannot be told, so the family ends. */
  | { readonly kind: 'end-family' }
  | { readonly kind: 'refuse' };

/** Decides on a refresh token (refresh token rotation: RFC 9700, section 4.14.2). */
export function redeem(token: RefreshToken, now: Date): Redemption {
  if (token.spentAt !== null) return { kind: 'end-family' };
  return token.expiresAt > now ? { kind: 'exchange' } : { kind: 'refuse' };
}
