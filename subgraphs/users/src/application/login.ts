import { failure, success } from '@trellis/validation';
import { wrongCredentials, type AccountResult } from '../domain/errors.ts';
import { loginInput } from './account-input.ts';
import { checkInput } from './check-input.ts';
import { renewPasswordHash } from './renew-password-hash.ts';
import { startSession, type LoggedIn } from './start-session.ts';
import type { UsersServices } from './users-services.ts';

/** Begins a session. An unknown address and a wrong password get the same answer for the same work. */
export async function login(services: UsersServices, input: unknown): Promise<AccountResult<LoggedIn>> {
  const checked = checkInput(loginInput, input);
  if (!checked.ok) return checked;
  const { email, password } = checked.value;

  // Twice at the most: a session is not begun when the hash was replaced while it was compared, and what replaced it may be no more
  // than another login's renewal.
  for (let attempt = 1; attempt <= 2; attempt++) {
    const found = await services.accounts.findByEmail(email);
    const matches = await services.passwords.matches(password, found?.passwordHash);
    if (found === undefined || !matches) return failure(wrongCredentials());

    const { account, passwordHash } = found;
    const { newSession, loggedIn } = startSession(services, account);
    if (await services.sessions.begin(newSession, passwordHash)) {
      await renewPasswordHash(services, account.id, password, passwordHash);
      return success(loggedIn);
    }
  }
  return failure(wrongCredentials());
}
