import type { Role } from '../domain/account.ts';
import { newAccount } from './open-account.ts';
import type { UsersServices } from './users-services.ts';

/** An account that is to be there. */
export interface AccountSeed {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
}

/** A seed that took, or found its account there. */
export interface SeededAccount extends AccountSeed {
  /** Generated, and told this once; absent when the account was there before. */
  readonly password?: string;
}

/** The accounts of a demonstration. */
export const demoAccounts: readonly AccountSeed[] = [
  { email: 'customer@trellis.example', name: 'Demo Customer', role: 'CUSTOMER' },
  { email: 'admin@trellis.example', name: 'Demo Admin', role: 'ADMIN' },
];

/** Opens the accounts that are not there, each with a generated password. Several replicas may do so at once: each account is opened once. */
export async function seedAccounts(
  services: UsersServices,
  seeds: readonly AccountSeed[],
): Promise<SeededAccount[]> {
  return Promise.all(
    seeds.map(async (seed) => {
      if ((await services.accounts.findByEmail(seed.email)) !== undefined) return seed;
      const password = services.newSecret().slice(0, 20);
      const account = newAccount(services, seed);
      const outcome = await services.accounts.open({
        account,
        passwordHash: await services.passwords.hash(password),
        event: { kind: 'UserRegistered', account },
        cause: {},
      });
      return outcome === 'opened' ? { ...seed, password } : seed;
    }),
  );
}
