import type { Role } from '../domain/account.ts';
import { newAccount } from './open-account.ts';
import type { UsersServices } from './users-services.ts';

/** An account that is to be there. */
export interface AccountSeed {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
}

/** An account that is about to be opened, with its generated password. */
export interface AccountToOpen extends AccountSeed {
  readonly password: string;
}

/** A seed that took, or found its account there. */
export interface SeededAccount extends AccountSeed {
  /** Absent when the account was there before. */
  readonly password?: string;
}

/** The accounts of a demonstration. */
export const demoAccounts: readonly AccountSeed[] = [
  { email: 'customer@trellis.example', name: 'Demo Customer', role: 'CUSTOMER' },
  { email: 'admin@trellis.example', name: 'Demo Admin', role: 'ADMIN' },
];

/**
 * Opens the accounts that are not there, each with a generated password. Several replicas may do so at once: each account is opened once.
 * @param show is given those that are not there before any of them is opened: were it the other way around, a process that is killed in
 *   between would leave accounts whose passwords nobody knows. What was shown and not opened is made anew the next time.
 */
export async function seedAccounts(
  services: UsersServices,
  seeds: readonly AccountSeed[],
  show: (accounts: readonly AccountToOpen[]) => void,
): Promise<SeededAccount[]> {
  const known = await Promise.all(seeds.map(({ email }) => services.accounts.findByEmail(email)));
  const missing = seeds
    .filter((_, index) => known[index] === undefined)
    .map((seed) => ({ ...seed, password: services.newSecret().slice(0, 20) }));
  if (missing.length === 0) return [...seeds];
  const hashes = await Promise.all(missing.map(({ password }) => services.passwords.hash(password)));

  show(missing);
  const opened = await Promise.all(
    missing.map(({ password: _, ...seed }, index) => open(services, seed, hashes[index]!)),
  );
  return seeds.map(
    (seed) => missing.find(({ email }, index) => email === seed.email && opened[index]) ?? seed,
  );
}

async function open(services: UsersServices, seed: AccountSeed, passwordHash: string): Promise<boolean> {
  const account = newAccount(services, seed);
  const event = { kind: 'UserRegistered', account } as const;
  return (await services.accounts.open({ account, passwordHash, event, cause: {} })) === 'opened';
}
