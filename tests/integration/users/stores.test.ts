import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import type { NewAccount } from '../../../subgraphs/users/src/application/account-store.ts';
import type { NewSession } from '../../../subgraphs/users/src/application/session-store.ts';
import { recordOrderStanding } from '../../../subgraphs/users/src/persistence/postgres-order-summary-store.ts';
import { createStorage } from '../../../subgraphs/users/src/storage.ts';
import { describeOnEveryDatabase } from '../../support/databases.ts';

const migrations = fileURLToPath(new URL('../../../subgraphs/users/migrations', import.meta.url));

const now = new Date('2026-06-01T12:00:00.000Z');
const later = new Date('2026-07-01T12:00:00.000Z');

/** An account that is to be opened, with a session. */
function opening(email = `${randomUUID()}@example.com`): NewAccount & { session: NewSession } {
  const id = randomUUID();
  const account = { id, email, name: 'Ada', role: 'CUSTOMER', createdAt: now } as const;
  return {
    account,
    passwordHash: 'hash of the first password',
    session: newSession(id),
    event: { kind: 'UserRegistered', account },
    cause: {},
  };
}

function newSession(userId: string, expiresAt = later): NewSession {
  return { session: { id: randomUUID(), userId, createdAt: now, expiresAt }, tokenHash: randomUUID() };
}

const nextToken = (): { hash: string; expiresAt: Date } => ({ hash: randomUUID(), expiresAt: later });

describeOnEveryDatabase('the stores of users', migrations, (subject) => {
  const stores = () => createStorage(subject.database);
  const count = async (table: 'users' | 'sessions' | 'refresh_tokens' | 'outbox'): Promise<number> => {
    const result = await subject.database.query.execute(
      sql`select count(*)::int as n from ${sql.identifier(table)}`,
    );
    return (result as { rows: { n: number }[] }).rows[0]!.n;
  };

  describe('opening accounts', () => {
    it('writes account, session and event, or nothing of them', async () => {
      const { accounts } = stores();
      const first = opening();
      expect(await accounts.open(first)).toBe('opened');
      expect(await accounts.findByIds([first.account.id])).toEqual([first.account]);

      const tables = ['users', 'sessions', 'refresh_tokens', 'outbox'] as const;
      const before = await Promise.all(tables.map(count));
      expect(await accounts.open(opening(first.account.email.toUpperCase()))).toBe('email-taken');
      const broken = { ...opening(), session: newSession(randomUUID()) };
      await expect(accounts.open(broken)).rejects.toThrow();
      expect(await Promise.all(tables.map(count))).toEqual(before);
    });

    it('gives an address to one of many at once', async () => {
      const { accounts } = stores();
      const email = `${randomUUID()}@example.com`;
      const outcomes = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          accounts.open(opening(index % 2 === 0 ? email : email.toUpperCase())),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === 'opened')).toHaveLength(1);
    });

    it('gives an address to one of two who move to it at once', async () => {
      const { accounts } = stores();
      const movers = [opening(), opening()];
      for (const mover of movers) await accounts.open(mover);
      const email = `${randomUUID()}@example.com`;
      const outcomes = await Promise.all(
        movers.map(({ account }, index) =>
          accounts.changeProfile(account.id, { email: index === 0 ? email : email.toUpperCase() }),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === 'email-taken')).toHaveLength(1);
    });
  });

  describe('redeeming refresh tokens', () => {
    it('lets one of many at once have the exchange, and ends the family for the others', async () => {
      const { accounts, sessions } = stores();
      const { session, ...rest } = opening();
      await accounts.open({ ...rest, session });
      const candidates = Array.from({ length: 8 }, nextToken);
      const outcomes = await Promise.all(
        candidates.map((next) => sessions.redeem(session.tokenHash, next, now)),
      );
      const kinds = outcomes.map(({ kind }) => kind).sort();
      expect(kinds).toEqual(['exchanged', 'family-ended', ...Array<string>(6).fill('refused')]);
      const winner = candidates[outcomes.findIndex(({ kind }) => kind === 'exchanged')]!;
      expect(await sessions.redeem(winner.hash, nextToken(), now)).toEqual({ kind: 'refused' });
    });

    it('gives the account as it is now', async () => {
      const { accounts, sessions } = stores();
      const { account, session, ...rest } = opening();
      await accounts.open({ account, session, ...rest });
      await accounts.changeProfile(account.id, { name: 'Countess' });
      expect(await sessions.redeem(session.tokenHash, nextToken(), now)).toEqual({
        kind: 'exchanged',
        account: { ...account, name: 'Countess' },
        sessionId: session.session.id,
      });
    });

    it('goes on when the session ends at the same moment', async () => {
      const { accounts, sessions } = stores();
      for (let round = 0; round < 10; round++) {
        const { account, session, ...rest } = opening();
        await accounts.open({ account, session, ...rest });
        const [outcome, ended] = await Promise.all([
          sessions.redeem(session.tokenHash, nextToken(), now),
          sessions.endAll(account.id),
        ]);
        expect(['exchanged', 'refused']).toContain(outcome.kind);
        expect(ended).toBe(1);
      }
    });
  });

  describe('changing a password', () => {
    it('ends every session but the one that is kept', async () => {
      const { accounts, sessions } = stores();
      const { account, session, passwordHash, ...rest } = opening();
      await accounts.open({ account, session, passwordHash, ...rest });
      const other = newSession(account.id);
      await sessions.begin(other, passwordHash);
      const change = { id: account.id, from: passwordHash, to: 'hash of the second' };
      expect(await accounts.changePassword({ ...change, keepSessionId: session.session.id })).toBe(true);
      expect((await sessions.redeem(other.tokenHash, nextToken(), now)).kind).toBe('refused');
      expect((await sessions.redeem(session.tokenHash, nextToken(), now)).kind).toBe('exchanged');
    });

    it('does nothing when the password was changed meanwhile', async () => {
      const { accounts, sessions } = stores();
      const { account, session, passwordHash, ...rest } = opening();
      await accounts.open({ account, session, passwordHash, ...rest });
      const change = {
        id: account.id,
        from: 'hash of another',
        to: 'hash of the second',
        keepSessionId: undefined,
      };
      expect(await accounts.changePassword(change)).toBe(false);
      expect(await accounts.findPasswordHash(account.id)).toBe(passwordHash);
      expect((await sessions.redeem(session.tokenHash, nextToken(), now)).kind).toBe('exchanged');
    });

    it('lets no login through that compared with the old one, however the two fall together', async () => {
      const { accounts, sessions } = stores();
      for (let round = 0; round < 10; round++) {
        const { session: _, ...opened } = opening();
        const { account, passwordHash } = opened;
        await accounts.open(opened);
        const login = newSession(account.id);
        await Promise.all([
          sessions.begin(login, passwordHash),
          accounts.changePassword({
            id: account.id,
            from: passwordHash,
            to: 'new',
            keepSessionId: undefined,
          }),
        ]);
        expect((await sessions.redeem(login.tokenHash, nextToken(), now)).kind).toBe('refused');
      }
    });
  });

  describe('session retention', () => {
    it('deletes what has expired, and spent tokens that have, and nothing else', async () => {
      const { accounts, sessions } = stores();
      await sessions.deleteExpired(new Date('2100-01-01'));
      const { session: _, ...opened } = opening();
      const { account, passwordHash } = opened;
      await accounts.open(opened);
      const tomorrow = new Date(now.getTime() + 86_400_000);
      const expiring = newSession(account.id, tomorrow);
      const renewed = newSession(account.id, tomorrow);
      for (const session of [expiring, renewed]) await sessions.begin(session, passwordHash);
      const next = nextToken();
      await sessions.redeem(renewed.tokenHash, next, now);

      expect(await sessions.deleteExpired(now)).toBe(0);
      expect([await count('sessions'), await count('refresh_tokens')]).toEqual([2, 3]);
      expect(await sessions.deleteExpired(tomorrow)).toBe(1);
      expect([await count('sessions'), await count('refresh_tokens')]).toEqual([1, 1]);
      expect((await sessions.redeem(next.hash, nextToken(), tomorrow)).kind).toBe('exchanged');
    });
  });

  describe('order standings', () => {
    it('keep the newest, in whatever order and however closely they come', async () => {
      const { orderSummaries } = stores();
      const customerId = randomUUID();
      const orderId = randomUUID();
      const total = { amount: 3_000_000_000, currency: 'EUR' };
      const statuses = ['CONFIRMED', 'CANCELLED', 'CONFIRMED'] as const;
      await Promise.all(
        [3, 1, 2].map((sequence) =>
          subject.database.transaction((tx) =>
            recordOrderStanding(tx, {
              orderId,
              customerId,
              total,
              sequence,
              status: statuses[sequence - 1]!,
            }),
          ),
        ),
      );
      expect(await orderSummaries.summarize([customerId])).toEqual(
        new Map([[customerId, { count: 1, spend: [total] }]]),
      );
    });
  });

  describe('ids that are no ids', () => {
    it('are nobody, and no error', async () => {
      const { accounts, sessions, orderSummaries } = stores();
      for (const id of ['', 'x', "'; drop table users", 'nul\0', `${randomUUID()}0`]) {
        expect(await accounts.findByIds([id])).toEqual([]);
        expect(await accounts.findPasswordHash(id)).toBeUndefined();
        expect(await accounts.changeProfile(id, { name: 'x' })).toBeUndefined();
        expect(await sessions.endAll(id)).toBe(0);
        expect(await orderSummaries.summarize([id])).toEqual(new Map());
      }
    });
  });
});
