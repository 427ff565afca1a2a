import type { Database, Queryable } from '@trellis/database';
import { readId } from '@trellis/validation';
import { and, eq, lte } from 'drizzle-orm';
import type { NewSession, SessionStore } from '../application/session-store.ts';
import { redeem } from '../domain/session.ts';
import { accountColumns } from './account-columns.ts';
import { refreshTokens, sessions, users } from './schema.ts';

/** Keeps sessions and their refresh tokens in PostgreSQL or PGlite. */
export function createPostgresSessionStore(database: Database): SessionStore {
  return {
    begin: (newSession, passwordHash) =>
      database.transaction(async (tx) => {
        // Held to the end of the transaction: a change of password comes wholly before, and is seen here, or wholly after, and
        // ends the session that begins here.
        const unchanged = await tx
          .select({ id: users.id })
          .from(users)
          .where(and(eq(users.id, newSession.session.userId), eq(users.passwordHash, passwordHash)))
          .for('share');
        if (unchanged.length === 0) return false;
        await insertSession(tx, newSession);
        return true;
      }),

    redeem: (tokenHash, next, now) =>
      database.transaction(async (tx) => {
        const family = await lockFamily(tx, tokenHash);
        if (family === undefined) return { kind: 'refused' };
        // Read behind the lock: whoever held it may have spent the token.
        const [token] = await tx.select().from(refreshTokens).where(eq(refreshTokens.hash, tokenHash));
        if (token === undefined) return { kind: 'refused' };
        const { id: sessionId, userId } = family;
        const decision = redeem(token, now);
        switch (decision.kind) {
          case 'refuse':
            return { kind: 'refused' };
          case 'end-family':
            await tx.delete(sessions).where(eq(sessions.id, sessionId));
            return { kind: 'family-ended', sessionId, userId };
          case 'exchange': {
            await tx.update(refreshTokens).set({ spentAt: now }).where(eq(refreshTokens.hash, tokenHash));
            await tx.insert(refreshTokens).values({ ...next, sessionId });
            await tx.update(sessions).set({ expiresAt: next.expiresAt }).where(eq(sessions.id, sessionId));
            const [owner] = await tx.select(accountColumns).from(users).where(eq(users.id, userId));
            if (owner === undefined) throw new Error(`session ${sessionId} belongs to nobody`);
            return { kind: 'exchanged', account: owner, sessionId };
          }
        }
      }),

    endByToken: (tokenHash) =>
      database.transaction(async (tx) => {
        const family = await lockFamily(tx, tokenHash);
        if (family === undefined) return 0;
        await tx.delete(sessions).where(eq(sessions.id, family.id));
        return 1;
      }),

    async endAll(id) {
      const userId = readId(id);
      if (userId === undefined) return 0;
      const ended = await database.query
        .delete(sessions)
        .where(eq(sessions.userId, userId))
        .returning({ id: sessions.id });
      return ended.length;
    },

    async deleteExpired(now) {
      const ended = await database.query
        .delete(sessions)
        .where(lte(sessions.expiresAt, now))
        .returning({ id: sessions.id });
      // Spent tokens of sessions that go on: past their end they would be refused even if they had not been spent.
      await database.query.delete(refreshTokens).where(lte(refreshTokens.expiresAt, now));
      return ended.length;
    },
  };
}

/** Writes a session with its first refresh token, in the caller's transaction. */
export async function insertSession(tx: Queryable, { session, tokenHash }: NewSession): Promise<void> {
  await tx.insert(sessions).values(session);
  await tx
    .insert(refreshTokens)
    .values({ hash: tokenHash, sessionId: session.id, expiresAt: session.expiresAt });
}

/**
 * Finds the session of a refresh token and holds it to the end of the transaction, so that its tokens are exchanged one after the other.
 * The session and not the token: everything that ends a session locks the session first, and one order of locks cannot deadlock.
 */
async function lockFamily(
  tx: Queryable,
  tokenHash: string,
): Promise<{ id: string; userId: string } | undefined> {
  const [token] = await tx
    .select({ sessionId: refreshTokens.sessionId })
    .from(refreshTokens)
    .where(eq(refreshTokens.hash, tokenHash));
  if (token === undefined) return undefined;
  const [session] = await tx
    .select({ id: sessions.id, userId: sessions.userId })
    .from(sessions)
    .where(eq(sessions.id, token.sessionId))
    .for('update');
  return session;
}
