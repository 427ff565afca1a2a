import type { Account } from '../domain/account.ts';

/** A token with its end. */
export interface ExpiringToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Signs access tokens. */
export interface AccessTokens {
  issue(account: Account, sessionId: string, now: Date): ExpiringToken;
}
