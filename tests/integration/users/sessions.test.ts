import { describe, expect, it } from '@jest/globals';
import { aSentence } from '../../support/a-sentence.ts';
import { perform, registerCustomer, type SessionAnswer, type UserErrorAnswer } from './account-operations.ts';
import { decodeJwt } from './decode-jwt.ts';
import { newEmail, describeUsersService } from './users-under-test.ts';

const dayMs = 86_400_000;

let laterMs = 0;

describeUsersService(
  'sessions',
  (users) => {
    interface LogoutAnswer {
      readonly endedSessions: number;
      readonly userErrors: readonly UserErrorAnswer[];
    }

    const refresh = (refreshToken: string): Promise<SessionAnswer> =>
      perform(users, 'refreshSession', { refreshToken });

    const refused = {
      session: null,
      user: null,
      userErrors: [{ code: 'INVALID_SESSION', message: aSentence, field: ['refreshToken'] }],
    };

    describe('logging in', () => {
      it('accepts the address in any case', async () => {
        const { email, password, id } = await registerCustomer(users);
        const { user } = await perform(users, 'login', {
          input: { email: ` ${email.toUpperCase()}`, password },
        });
        expect(user).toMatchObject({ id, email, role: 'CUSTOMER' });
      });

      it('answers an unknown address and a wrong password alike', async () => {
        const { email } = await registerCustomer(users);
        const wrong = await perform(users, 'login', { input: { email, password: 'a wrong password' } });
        const unknown = await perform(users, 'login', {
          input: { email: newEmail(), password: 'a wrong password' },
        });
        expect(wrong).toEqual({
          session: null,
          user: null,
          userErrors: [{ code: 'INVALID_CREDENTIALS', message: aSentence, field: null }],
        });
        expect(unknown).toEqual(wrong);
      });
    });

    describe('refreshing a session', () => {
      it('exchanges a token for the next pair of the same session', async () => {
        const { refreshToken, identity, id } = await registerCustomer(users);
        const { session, user } = await refresh(refreshToken);
        expect(user?.id).toBe(id);
        expect(session?.refreshToken).not.toBe(refreshToken);
        expect(decodeJwt(session!.accessToken).claims).toMatchObject({
          sub: id,
          sid: identity.kind === 'user' && identity.sessionId,
        });
        expect((await refresh(session!.refreshToken)).userErrors).toEqual([]);
      });

      it('ends the whole session when a spent token comes again', async () => {
        const { refreshToken } = await registerCustomer(users);
        const { session } = await refresh(refreshToken);
        expect(await refresh(refreshToken)).toEqual(refused);
        expect(await refresh(session!.refreshToken)).toEqual(refused);
      });

      it('leaves the other sessions of the user alone when one ends', async () => {
        const { refreshToken, email, password } = await registerCustomer(users);
        const other = await perform(users, 'login', { input: { email, password } });
        await refresh(refreshToken);
        await refresh(refreshToken);
        expect((await refresh(other.session!.refreshToken)).userErrors).toEqual([]);
      });

      it('lets one of two exchanges at once win, and counts the other as a second use', async () => {
        const { refreshToken } = await registerCustomer(users);
        const answers = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
        const [winner] = answers.filter(({ session }) => session !== null);
        expect(answers).toContainEqual(refused);
        expect(await refresh(winner!.session!.refreshToken)).toEqual(refused);
      });

      it('refuses a token that nobody handed out', async () => {
        expect(await refresh('A'.repeat(43))).toEqual(refused);
      });

      it('ends thirty days after the last exchange', async () => {
        const { refreshToken } = await registerCustomer(users);
        try {
          laterMs = 29 * dayMs;
          const { session } = await refresh(refreshToken);
          laterMs = 58 * dayMs;
          const next = await refresh(session!.refreshToken);
          expect(next.userErrors).toEqual([]);
          laterMs = 88 * dayMs + 1_000;
          expect(await refresh(next.session!.refreshToken)).toEqual(refused);
        } finally {
          laterMs = 0;
        }
      });
    });

    describe('logging out', () => {
      it('ends the session by any of its tokens', async () => {
        const { refreshToken } = await registerCustomer(users);
        const { session } = await refresh(refreshToken);
        const logout = () => perform<LogoutAnswer>(users, 'logout', { refreshToken });
        expect(await logout()).toEqual({ endedSessions: 1, userErrors: [] });
        expect(await refresh(session!.refreshToken)).toEqual(refused);
        expect(await logout()).toEqual({ endedSessions: 0, userErrors: [] });
      });

      it('ends every session of the caller, and of nobody else', async () => {
        const { identity, email, password, refreshToken } = await registerCustomer(users);
        const bystander = await registerCustomer(users);
        await perform(users, 'login', { input: { email, password } });
        expect(await perform<LogoutAnswer>(users, 'logoutEverywhere', {}, identity)).toEqual({
          endedSessions: 2,
          userErrors: [],
        });
        expect(await refresh(refreshToken)).toEqual(refused);
        expect((await refresh(bystander.refreshToken)).userErrors).toEqual([]);
      });
    });
  },
  {},
  () => new Date(Date.now() + laterMs),
);
