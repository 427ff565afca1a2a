import { PasswordHasherBusyError } from './password-hasher.ts';
import type { UsersServices } from './users-services.ts';

/**
 * Replaces a hash that was made at another cost than hashes are made now, once its password is known to be right. Whoever logs in is
 * logged in already: when the hasher is busy, it is left to the next login.
 */
export async function renewPasswordHash(
  { accounts, passwords }: Pick<UsersServices, 'accounts' | 'passwords'>,
  id: string,
  password: string,
  hash: string,
): Promise<void> {
  if (!passwords.isOutdated(hash)) return;
  try {
    await accounts.renewPasswordHash({ id, from: hash, to: await passwords.hash(password) });
  } catch (error) {
    if (!(error instanceof PasswordHasherBusyError)) throw error;
  }
}
