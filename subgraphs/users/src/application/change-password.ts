import { failure, success } from '@trellis/validation';
import type { Account } from '../domain/account.ts';
import { wrongCurrentPassword, type AccountResult } from '../domain/errors.ts';
import { changePasswordInput } from './account-input.ts';
import { checkInput } from './check-input.ts';
import { UnknownCallerError, type UsersServices } from './users-services.ts';

/**
 * Changes a password and ends every other session of the account.
 * @param caller who asks; the session they ask from goes on.
 * @throws UnknownCallerError
 */
export async function changePassword(
  services: UsersServices,
  caller: { readonly userId: string; readonly sessionId?: string },
  input: unknown,
): Promise<AccountResult<Account>> {
  const checked = checkInput(changePasswordInput, input);
  if (!checked.ok) return checked;
  const { currentPassword, newPassword } = checked.value;

  // Twice at the most: nothing is changed when the hash was replaced while it was compared, and what replaced it may be no more than a
  // login's renewal.
  for (let attempt = 1; attempt <= 2; attempt++) {
    const [account] = await services.accounts.findByIds([caller.userId]);
    const currentHash = await services.accounts.findPasswordHash(caller.userId);
    if (account === undefined || currentHash === undefined) throw new UnknownCallerError();
    const matches = await services.passwords.matches(currentPassword, currentHash);
    if (!matches) return failure(wrongCurrentPassword());

    const changed = await services.accounts.changePassword({
      id: caller.userId,
      from: currentHash,
      to: await services.passwords.hash(newPassword),
      keepSessionId: caller.sessionId,
    });
    if (changed) return success(account);
  }
  return failure(wrongCurrentPassword());
}
