import { describe, expect, it } from '@jest/globals';
import { createRemoteKeySet, verifyToken } from '@trellis/auth';
import { demoAccounts } from '@trellis/users';
import { waitFor } from '../../support/wait-for.ts';
import { perform, registerCustomer, type SessionAnswer, type UserErrorAnswer } from './account-operations.ts';
import { decodeJwt } from './decode-jwt.ts';
import { newEmail, describeUsersService, testSettings } from './users-under-test.ts';

describeUsersService('accounts', (users) => {
  const password = 'correct horse battery';

  describe('registering', () => {
    it("opens a customer's account and logs in", async () => {
      const email = newEmail();
      const { session, user, userErrors } = await perform(users, 'register', {
        input: { email: `  ${email} `, name: ' Ada 🦊 ', password },
      });
      expect(userErrors).toEqual([]);
      expect(user).toMatchObject({ email, name: 'Ada 🦊', role: 'CUSTOMER' });
      expect(session?.refreshToken).toMatch(/^[\w-]{43}$/);
    });

    it('hands out an access token that anyone can verify by the published keys', async () => {
      const { id, refreshToken } = await registerCustomer(users);
      const { session } = await perform(users, 'refreshSession', { refreshToken });
      const token = session!.accessToken;

      const kind = {
        type: 'at+jwt',
        issuer: testSettings.USERS_TOKEN_ISSUER,
        audience: testSettings.USERS_TOKEN_AUDIENCE,
      };
      const keys = createRemoteKeySet(`${users.service.url}/.well-known/jwks.json`);
      const claims = await verifyToken(token, kind, keys);
      expect(claims).toMatchObject({
        sub: id,
        roles: ['CUSTOMER'],
        sid: expect.any(String),
        jti: expect.any(String),
      });
      expect(claims.exp - claims.iat).toBe(15 * 60);
      expect(new Date(session!.accessTokenExpiresAt).getTime()).toBe(claims.exp * 1_000);
      expect(decodeJwt(token).header).toMatchObject({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
    });

    it('publishes the keys, public parts only, to be kept for some minutes', async () => {
      const response = await fetch(`${users.service.url}/.well-known/jwks.json`);
      expect(response.headers.get('cache-control')).toBe('public, max-age=300');
      const { keys } = (await response.json()) as { keys: Record<string, unknown>[] };
      expect(keys).toHaveLength(1);
      expect(Object.keys(keys[0]!).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    });

    it('publishes UserRegistered', async () => {
      const { id, email } = await registerCustomer(users);
      const event = await waitFor('the event', () => users.published.find(({ subject }) => subject === id));
      expect(event).toMatchObject({
        type: 'users.user-registered.v1',
        correlationid: expect.any(String),
        data: { userId: id, email, displayName: 'Ada', role: 'CUSTOMER' },
      });
    });

    it('refuses an address that is taken, in whatever case', async () => {
      const { email } = await registerCustomer(users);
      const input = { email: email.toUpperCase(), name: 'Eve', password };
      expect(await perform(users, 'register', { input })).toEqual({
        session: null,
        user: null,
        userErrors: [{ code: 'EMAIL_TAKEN', message: expect.any(String), field: ['input', 'email'] }],
      });
    });

    it('gives an address to one of several who ask for it at once', async () => {
      const email = newEmail();
      const spellings = [email, email.toUpperCase(), ` ${email}`, email.replace('e', 'E')];
      const answers = await Promise.all(
        spellings.map((spelling) =>
          perform(users, 'register', { input: { email: spelling, name: 'Twin', password } }),
        ),
      );
      expect(answers.filter(({ session }) => session !== null)).toHaveLength(1);
      const refusals = answers.flatMap(({ userErrors }) =>
        userErrors.map(({ code, field }) => [code, field]),
      );
      expect(refusals).toEqual(Array(3).fill(['EMAIL_TAKEN', ['input', 'email']]));
    });
  });

  describe('changing a profile', () => {
    it('changes what is given and leaves the rest', async () => {
      const { identity, email, id } = await registerCustomer(users);
      const renamed = await perform(users, 'updateProfile', { input: { name: 'Countess' } }, identity);
      expect(renamed).toEqual({ user: { id, name: 'Countess', email, role: 'CUSTOMER' }, userErrors: [] });
      const address = `New.${newEmail()}`;
      const moved = await perform(
        users,
        'updateProfile',
        { input: { email: address, name: null } },
        identity,
      );
      expect(moved.user).toMatchObject({ name: 'Countess', email: address });
      const input = { email: address.toUpperCase(), password };
      expect((await perform(users, 'login', { input })).userErrors).toEqual([]);
    });

    it('gives the account as it is when nothing is to be changed', async () => {
      const { identity, email } = await registerCustomer(users);
      const answer = await perform(users, 'updateProfile', { input: {} }, identity);
      expect(answer).toMatchObject({ user: { name: 'Ada', email }, userErrors: [] });
    });

    it('lets people change the case of their own address', async () => {
      const { identity, email } = await registerCustomer(users);
      const shouted = email.toUpperCase();
      const answer = await perform(users, 'updateProfile', { input: { email: shouted } }, identity);
      expect(answer).toMatchObject({ user: { email: shouted }, userErrors: [] });
    });

    it("refuses somebody else's address", async () => {
      const { email } = await registerCustomer(users);
      const { identity } = await registerCustomer(users);
      const input = { email: email.toUpperCase(), name: 'Not Written' };
      const { user, userErrors } = await perform(users, 'updateProfile', { input }, identity);
      expect(user).toBeNull();
      expect(userErrors).toMatchObject([{ code: 'EMAIL_TAKEN', field: ['input', 'email'] }]);
      expect((await perform(users, 'updateProfile', { input: {} }, identity)).user?.name).toBe('Ada');
    });
  });

  describe('changing a password', () => {
    type PasswordAnswer = { user: unknown; userErrors: UserErrorAnswer[] };
    const newPassword = 'another horse entirely';

    it('takes the new one, refuses the old one, and ends every other session', async () => {
      const { identity, email, refreshToken } = await registerCustomer(users);
      const elsewhere = await perform(users, 'login', { input: { email, password } });

      const input = { currentPassword: password, newPassword };
      const answer = await perform<PasswordAnswer>(users, 'changePassword', { input }, identity);
      expect(answer.userErrors).toEqual([]);

      const logIn = (attempt: string): Promise<SessionAnswer> =>
        perform(users, 'login', { input: { email, password: attempt } });
      expect((await logIn(newPassword)).userErrors).toEqual([]);
      expect((await logIn(password)).userErrors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
      const ended = await perform(users, 'refreshSession', { refreshToken: elsewhere.session!.refreshToken });
      expect(ended.userErrors).toMatchObject([{ code: 'INVALID_SESSION' }]);
      expect((await perform(users, 'refreshSession', { refreshToken })).userErrors).toEqual([]);
    });

    it('refuses without the current password', async () => {
      const { identity, email } = await registerCustomer(users);
      const input = { currentPassword: 'not my password', newPassword };
      const answer = await perform<PasswordAnswer>(users, 'changePassword', { input }, identity);
      expect(answer).toMatchObject({
        user: null,
        userErrors: [{ code: 'INVALID_CREDENTIALS', field: ['input', 'currentPassword'] }],
      });
      expect((await perform(users, 'login', { input: { email, password } })).userErrors).toEqual([]);
    });
  });

  describe('seeding accounts', () => {
    it('opens each once, however many replicas seed, and tells its password that once', async () => {
      const rounds = await Promise.all(
        [1, 2, 3].map(() => users.service.seedAccounts(demoAccounts, () => undefined)),
      );
      for (const { email, role } of demoAccounts) {
        const told = rounds
          .flat()
          .filter((seeded) => seeded.email === email && seeded.password !== undefined);
        expect(told).toHaveLength(1);
        const { user } = await perform(users, 'login', { input: { email, password: told[0]!.password } });
        expect(user).toMatchObject({ email, role });
      }
      const show = (): never => {
        throw new Error('there is nothing to show');
      };
      expect(await users.service.seedAccounts(demoAccounts, show)).toEqual(demoAccounts);
    });
  });
});
