/** Hashes and compares passwords, beside the main thread. */
export interface PasswordHasher {
  /** @throws PasswordHasherBusyError */
  hash(password: string): Promise<string>;
  /**
   * Compares a password with a hash. Without one (there is no such account) it works as hard and answers false, so that an unknown
   * account cannot be told from a wrong password by the time it takes.
   * @throws PasswordHasherBusyError
   */
  matches(password: string, hash: string | undefined): Promise<boolean>;
}

/** So many passwords wait that another one would wait too long. Nothing was done; the caller may try again later. */
export class PasswordHasherBusyError extends Error {
  override readonly name = 'PasswordHasherBusyError';
  constructor() {
    super('too many passwords are waiting to be hashed');
  }
}
