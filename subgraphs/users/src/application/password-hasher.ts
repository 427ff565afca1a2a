/**
 * Hashes and compares passwords, beside the main thread. The work of one whose `signal` aborts while it waits for its turn is not begun:
 * it rejects with the signal's reason.
 */
export interface PasswordHasher {
  /** @throws PasswordHasherBusyError */
  hash(password: string, signal?: AbortSignal): Promise<string>;
  /**
   * Compares a password with a hash; without one (there is no such account) it answers false. An answer of false is always the same
   * work, whatever cost the hash was made at, so that the time it takes does not tell who has an account.
   * @throws PasswordHasherBusyError
   */
  matches(password: string, hash: string | undefined, signal?: AbortSignal): Promise<boolean>;
  /** Whether a hash was made at another cost than those made now: to be replaced when its password is at hand. */
  isOutdated(hash: string): boolean;
}

/** So many passwords wait that another one would wait too long. Nothing was done; the caller may try again later. */
export class PasswordHasherBusyError extends Error {
  override readonly name = 'PasswordHasherBusyError';
  constructor() {
    super('too many passwords are waiting to be hashed');
  }
}
