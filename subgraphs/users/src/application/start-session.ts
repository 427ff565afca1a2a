import { createHash } from 'node:crypto';
import type { Account } from '../domain/account.ts';
import { refreshTokenLifetimeMs } from '../domain/session.ts';
import type { ExpiringToken } from './access-tokens.ts';
import type { NewSession } from './session-store.ts';
import type { UsersServices } from './users-services.ts';

/** What a caller gets to act as a user. */
interface SessionTokens {
  readonly access: ExpiringToken;
  readonly refresh: ExpiringToken;
}

/** A user who is logged in. */
export interface LoggedIn {
  readonly account: Account;
  readonly tokens: SessionTokens;
}

/** Prepares a login: what is to be stored of it, and what the caller gets once it is. */
export function startSession(
  services: UsersServices,
  account: Account,
): { readonly newSession: NewSession; readonly loggedIn: LoggedIn } {
  const now = services.now();
  const refresh = newRefreshToken(services, now);
  const session = { id: services.newId(), userId: account.id, createdAt: now, expiresAt: refresh.expiresAt };
  return {
    newSession: { session, tokenHash: hashRefreshToken(refresh.token) },
    loggedIn: { account, tokens: { access: services.accessTokens.issue(account, session.id, now), refresh } },
  };
}

export function newRefreshToken(services: UsersServices, now: Date): ExpiringToken {
  return { token: services.newSecret(), expiresAt: new Date(now.getTime() + refreshTokenLifetimeMs) };
}

/** What is stored of a refresh token. Being random, it needs no salt and no slow hash: whoever reads the hash cannot get back. */
export function hashRefreshToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
