import { describe, expect, it } from '@jest/globals';
import type { AccountStore, NewAccount } from './account-store.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { demoAccounts, seedAccounts } from './seed-accounts.ts';
import type { UsersServices } from './users-services.ts';

/** Services without any account, and what was opened by them. */
function emptyWorld(): { services: UsersServices; opened: NewAccount[] } {
  const opened: NewAccount[] = [];
  let secrets = 0;
  const accounts: Partial<AccountStore> = {
    findByEmail: async () => undefined,
    async open(opening) {
      opened.push(opening);
      return 'opened';
    },
  };
  const passwords: Partial<PasswordHasher> = { hash: async (password) => `hash of ${password}` };
  const services: Partial<UsersServices> = {
    accounts: accounts as AccountStore,
    passwords: passwords as PasswordHasher,
    now: () => new Date(),
    newId: () => 'id',
    newSecret: () => `secret ${++secrets}`,
  };
  return { services: services as UsersServices, opened };
}

describe('seeding accounts', () => {
  it('shows the passwords before it opens the accounts', async () => {
    const { services, opened } = emptyWorld();
    const shown: string[] = [];
    await seedAccounts(services, demoAccounts, (accounts) => {
      expect(opened).toEqual([]);
      shown.push(...accounts.map(({ password }) => `hash of ${password}`));
    });
    expect(shown).toHaveLength(demoAccounts.length);
    expect(opened.map(({ passwordHash }) => passwordHash)).toEqual(shown);
  });

  it('opens none whose password could not be shown', async () => {
    const { services, opened } = emptyWorld();
    const unshowable = seedAccounts(services, demoAccounts, () => {
      throw new Error('killed');
    });
    await expect(unshowable).rejects.toThrow('killed');
    expect(opened).toEqual([]);
  });
});
