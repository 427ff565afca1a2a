import { failure, success } from '@trellis/validation';
import type { Account } from '../domain/account.ts';
import { emailTaken, type AccountResult } from '../domain/errors.ts';
import { registerInput } from './account-input.ts';
import { checkInput } from './check-input.ts';
import { newAccount } from './open-account.ts';
import type { UsersServices } from './users-services.ts';

/** Opens an administrator's account. No request can: registration makes customers only. */
export async function createAdmin(services: UsersServices, input: unknown): Promise<AccountResult<Account>> {
  const checked = checkInput(registerInput, input);
  if (!checked.ok) return checked;
  const { email, name, password } = checked.value;

  const account = newAccount(services, { email, name, role: 'ADMIN' });
  const outcome = await services.accounts.open({
    account,
    passwordHash: await services.passwords.hash(password),
    event: { kind: 'UserRegistered', account },
    cause: {},
  });
  return outcome === 'opened' ? success(account) : failure(emailTaken());
}
