import { success } from '@trellis/validation';
import type { AccountResult } from '../domain/errors.ts';
import { refreshTokenArgument } from './account-input.ts';
import { checkInput } from './check-input.ts';
import { hashRefreshToken } from './start-session.ts';
import type { UsersServices } from './users-services.ts';

/**
 * Ends the session of a refresh token. A token of no session ends none and is no error: who logs out wants to be out, and is
 * (RFC 7009, section 2.2). @returns how many sessions were ended.
 */
export async function logout(services: UsersServices, refreshToken: unknown): Promise<AccountResult<number>> {
  const checked = checkInput(refreshTokenArgument, refreshToken, 'refreshToken');
  if (!checked.ok) return checked;
  return success(await services.sessions.endByToken(hashRefreshToken(checked.value)));
}
