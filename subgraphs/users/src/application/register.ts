import type { Cause } from '@trellis/event-contracts';
import { failure, success } from '@trellis/validation';
import { emailTaken, type AccountResult } from '../domain/errors.ts';
import { registerInput } from './account-input.ts';
import { checkInput } from './check-input.ts';
import { newAccount } from './open-account.ts';
import { startSession, type LoggedIn } from './start-session.ts';
import type { UsersServices } from './users-services.ts';

/** Opens a customer's account and logs in. Account, session and `UserRegistered` are one transaction. */
export async function register(
  services: UsersServices,
  input: unknown,
  cause: Cause,
): Promise<AccountResult<LoggedIn>> {
  const checked = checkInput(registerInput, input);
  if (!checked.ok) return checked;
  const { email, name, password } = checked.value;

  // Spares the hashing where the answer is known; the store decides again, for two that come at once.
  if ((await services.accounts.findByEmail(email)) !== undefined) return failure(emailTaken());
  const passwordHash = await services.passwords.hash(password);

  const account = newAccount(services, { email, name, role: 'CUSTOMER' });
  const { newSession, loggedIn } = startSession(services, account);
  const event = { kind: 'UserRegistered', account } as const;
  const outcome = await services.accounts.open({ account, passwordHash, session: newSession, event, cause });
  return outcome === 'opened' ? success(loggedIn) : failure(emailTaken());
}
