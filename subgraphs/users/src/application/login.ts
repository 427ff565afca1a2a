import { failure, success } from '@trellis/validation';
import { wrongCredentials, type AccountResult } from '../domain/errors.ts';
import { loginInput } from './account-input.ts';
import { checkInput } from './check-input.ts';
import { startSession, type LoggedIn } from './start-session.ts';
import type { UsersServices } from './users-services.ts';

/** Begins a session. An unknown address and a wrong password get the same answer for the same work. */
export async function login(services: UsersServices, input: unknown): Promise<AccountResult<LoggedIn>> {
  const checked = checkInput(loginInput, input);
  if (!checked.ok) return checked;
  const { email, password } = checked.value;

  const found = await services.accounts.findByEmail(email);
  const matches = await services.passwords.matches(password, found?.passwordHash);
  if (found === undefined || !matches) return failure(wrongCredentials());

  const { newSession, loggedIn } = startSession(services, found.account);
  const began = await services.sessions.begin(newSession, found.passwordHash);
  return began ? success(loggedIn) : failure(wrongCredentials());
}
