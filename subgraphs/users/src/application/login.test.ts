import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@trellis/lifecycle';
import type { Account } from '../domain/account.ts';
import type { AccountStore } from './account-store.ts';
import { login } from './login.ts';
import { PasswordHasherBusyError } from './password-hasher.ts';
import type { SessionStore } from './session-store.ts';
import type { UsersServices } from './users-services.ts';

const ada: Account = {
  id: 'ada-id',
  email: 'ada@example.com',
  name: 'Ada',
  role: 'CUSTOMER',
  createdAt: new Date('2026-01-01T00:00:00Z'),
};
const now = new Date('2026-06-01T12:00:00Z');

/** A world in which Ada has an account; `compared` is every comparison of a password that was made. */
function world({ sessionBegins = [true], outdated = false, busy = false } = {}): {
  services: UsersServices;
  compared: [string, string | undefined][];
  renewed: unknown[];
} {
  const compared: [string, string | undefined][] = [];
  const renewed: unknown[] = [];
  let attempts = 0;
  const services: UsersServices = {
    accounts: {
      findByEmail: async (email) =>
        email === ada.email ? { account: ada, passwordHash: 'hash of swordfish' } : undefined,
      renewPasswordHash: async (renewal) => void renewed.push(renewal),
    } as Partial<AccountStore> as AccountStore,
    sessions: {
      begin: async () => sessionBegins[attempts++] === true,
    } as Partial<SessionStore> as SessionStore,
    orderSummaries: { summarize: async () => new Map() },
    passwords: {
      async hash(password) {
        if (busy) throw new PasswordHasherBusyError();
        return `new hash of ${password}`;
      },
      isOutdated: () => outdated,
      async matches(password, hash) {
        compared.push([password, hash]);
        return hash === `hash of ${password}`;
      },
    },
    accessTokens: { issue: () => ({ token: 'access', expiresAt: now }) },
    now: () => now,
    newId: () => 'session-id',
    newSecret: () => 'refresh',
    logger: createLogger('test', 'silent'),
  };
  return { services, compared, renewed };
}

const refused = {
  ok: false,
  errors: [{ code: 'INVALID_CREDENTIALS', message: expect.any(String), field: null }],
};

describe('logging in', () => {
  it('begins a session for thirty days', async () => {
    const { services } = world();
    const outcome = await login(services, { email: ada.email, password: 'swordfish' });
    const refresh = { token: 'refresh', expiresAt: new Date('2026-07-01T12:00:00Z') };
    expect(outcome).toMatchObject({
      ok: true,
      value: { account: ada, tokens: { access: { token: 'access' }, refresh } },
    });
  });

  it('compares a password once, and gives one answer, whether or not there is an account', async () => {
    for (const [email, hash] of [
      [ada.email, 'hash of swordfish'],
      ['nobody@example.com', undefined],
    ] as const) {
      const { services, compared } = world();
      expect(await login(services, { email, password: 'guess' })).toEqual(refused);
      expect(compared).toEqual([['guess', hash]]);
    }
  });

  it('compares again when the hash was replaced meanwhile, and is refused when it was replaced again', async () => {
    const swordfish = { email: ada.email, password: 'swordfish' };
    expect(await login(world({ sessionBegins: [false, true] }).services, swordfish)).toMatchObject({
      ok: true,
    });
    expect(await login(world({ sessionBegins: [false, false] }).services, swordfish)).toEqual(refused);
  });

  it('makes a hash of another cost again, of a password that is right', async () => {
    const { services, renewed } = world({ outdated: true });
    await login(services, { email: ada.email, password: 'guess' });
    expect(renewed).toEqual([]);
    await login(services, { email: ada.email, password: 'swordfish' });
    expect(renewed).toEqual([{ id: ada.id, from: 'hash of swordfish', to: 'new hash of swordfish' }]);
  });

  it('leaves that to another time when too much waits to be hashed', async () => {
    const { services, renewed } = world({ outdated: true, busy: true });
    expect(await login(services, { email: ada.email, password: 'swordfish' })).toMatchObject({ ok: true });
    expect(renewed).toEqual([]);
  });

  it('compares nothing for an input that cannot be right', async () => {
    const { services, compared } = world();
    expect(await login(services, { email: ada.email, password: 'x'.repeat(73) })).toMatchObject({
      ok: false,
      errors: [{ code: 'TOO_LONG', field: ['input', 'password'] }],
    });
    expect(compared).toEqual([]);
  });
});
