import { failure, success } from '@trellis/validation';
import { invalidSession, type AccountResult } from '../domain/errors.ts';
import { refreshTokenArgument } from './account-input.ts';
import { checkInput } from './check-input.ts';
import { hashRefreshToken, newRefreshToken, type LoggedIn } from './start-session.ts';
import type { UsersServices } from './users-services.ts';

/**
 * Exchanges a refresh token for the next pair. A token that comes a second time ends its session, and that holds for two that come at
 * the same moment too: a client must send one exchange at a time.
 */
export async function refreshSession(
  services: UsersServices,
  refreshToken: unknown,
): Promise<AccountResult<LoggedIn>> {
  const checked = checkInput(refreshTokenArgument, refreshToken, 'refreshToken');
  if (!checked.ok) return checked;

  const now = services.now();
  const next = newRefreshToken(services, now);
  const outcome = await services.sessions.redeem(
    hashRefreshToken(checked.value),
    { hash: hashRefreshToken(next.token), expiresAt: next.expiresAt },
    now,
  );
  switch (outcome.kind) {
    case 'exchanged': {
      const { account, sessionId } = outcome;
      const access = services.accessTokens.issue(account, sessionId, now);
      return success({ account, tokens: { access, refresh: next } });
    }
    case 'family-ended': {
      const { userId, sessionId } = outcome;
      services.logger.warn({ userId, sessionId }, 'a spent refresh token came again; its session was ended');
      return failure(invalidSession());
    }
    case 'refused':
      return failure(invalidSession());
  }
}
