import { failure, success } from '@trellis/validation';
import type { Account } from '../domain/account.ts';
import { emailTaken, type AccountResult } from '../domain/errors.ts';
import { updateProfileInput } from './account-input.ts';
import { checkInput } from './check-input.ts';
import { UnknownCallerError, type UsersServices } from './users-services.ts';

/**
 * Changes an account's name or address. An input that changes nothing gives the account as it is.
 * @throws UnknownCallerError
 */
export async function updateProfile(
  services: UsersServices,
  userId: string,
  input: unknown,
): Promise<AccountResult<Account>> {
  const checked = checkInput(updateProfileInput, input);
  if (!checked.ok) return checked;
  const { name, email } = checked.value;

  const outcome = await services.accounts.changeProfile(userId, {
    ...(name === undefined || name === null ? {} : { name }),
    ...(email === undefined || email === null ? {} : { email }),
  });
  if (outcome === undefined) throw new UnknownCallerError();
  return outcome === 'email-taken' ? failure(emailTaken()) : success(outcome);
}
