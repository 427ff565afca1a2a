import type { Account } from '../domain/account.ts';
import type { Session } from '../domain/session.ts';

/** A session that begins, with the hash of its first refresh token, which ends when the session does. */
export interface NewSession {
  readonly session: Session;
  readonly tokenHash: string;
}

/** What became of a refresh token that was presented. */
type RedemptionOutcome =
  | { readonly kind: 'exchanged'; readonly account: Account; readonly sessionId: string }
  /** It had been exchanged before; the session was ended. */
  | { readonly kind: 'family-ended'; readonly userId: string; readonly sessionId: string }
  | { readonly kind: 'refused' };

/** Where sessions and the hashes of their refresh tokens are kept. */
export interface SessionStore {
  /**
   * @param passwordHash what the password was compared with: a password that was changed meanwhile begins no session.
   * @returns whether the session began.
   */
  begin(session: NewSession, passwordHash: string): Promise<boolean>;
  /**
   * Exchanges a refresh token for the next one as `redeem` of the domain decides. Of two that come at once with the same token one
   * exchanges it, and the other finds it spent.
   */
  redeem(tokenHash: string, next: { hash: string; expiresAt: Date }, now: Date): Promise<RedemptionOutcome>;
  /** Ends the session that a refresh token, spent or not, belongs to. @returns how many sessions that were: 1 or 0. */
  endByToken(tokenHash: string): Promise<number>;
  /** @returns how many sessions were ended. */
  endAll(userId: string): Promise<number>;
  /** Deletes what has expired. @returns how many sessions that were. */
  deleteExpired(now: Date): Promise<number>;
}
