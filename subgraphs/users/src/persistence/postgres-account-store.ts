import { violatesUnique, type Database, type Queryable } from '@trellis/database';
import type { Cause } from '@trellis/event-contracts';
import { keysetQuery, toConnection, type Keyset } from '@trellis/pagination';
import { readId } from '@trellis/validation';
import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import type { AccountStore } from '../application/account-store.ts';
import { emailKey, type Account } from '../domain/account.ts';
import type { UsersEvent } from '../domain/users-event.ts';
import { accountColumns } from './account-columns.ts';
import { insertSession } from './postgres-session-store.ts';
import { emailIndex, sessions, users } from './schema.ts';

const oldestFirst: Keyset = [
  { column: users.createdAt, order: 'asc', kind: 'timestamp' },
  { column: users.id, order: 'asc', kind: 'uuid' },
];

/**
 * Keeps accounts in PostgreSQL or PGlite.
 * @param publish tells others, if and only if the transaction commits.
 */
export function createPostgresAccountStore(
  database: Database,
  publish: (tx: Queryable, event: UsersEvent, cause: Cause) => Promise<void>,
): AccountStore {
  return {
    async findByIds(ids) {
      const possible = ids.flatMap((id) => readId(id) ?? []);
      if (possible.length === 0) return [];
      return database.query.select(accountColumns).from(users).where(inArray(users.id, possible));
    },

    async findByEmail(email) {
      const [found] = await database.query
        .select({ account: accountColumns, passwordHash: users.passwordHash })
        .from(users)
        .where(eq(users.emailKey, emailKey(email)));
      return found;
    },

    async findPasswordHash(id) {
      const userId = readId(id);
      if (userId === undefined) return undefined;
      const [found] = await database.query
        .select({ passwordHash: users.passwordHash })
        .from(users)
        .where(eq(users.id, userId));
      return found?.passwordHash;
    },

    async list(page) {
      const { where, orderBy, limit } = keysetQuery(oldestFirst, page);
      const rows = await database.query
        .select(accountColumns)
        .from(users)
        .where(where)
        .orderBy(...orderBy)
        .limit(limit);
      return toConnection<Account>(rows, page, ({ createdAt, id }) => [createdAt, id]);
    },

    open: ({ account: opened, passwordHash, session, event, cause }) =>
      database.transaction(async (tx) => {
        const inserted = await tx
          .insert(users)
          .values({ ...opened, emailKey: emailKey(opened.email), passwordHash })
          .onConflictDoNothing({ target: users.emailKey })
          .returning({ id: users.id });
        if (inserted.length === 0) return 'email-taken';
        if (session !== undefined) await insertSession(tx, session);
        await publish(tx, event, cause);
        return 'opened';
      }),

    async changeProfile(id, { name, email }) {
      const userId = readId(id);
      if (userId === undefined) return undefined;
      if (name === undefined && email === undefined) {
        const [unchanged] = await database.query
          .select(accountColumns)
          .from(users)
          .where(eq(users.id, userId));
        return unchanged;
      }
      try {
        const [changed] = await database.query
          .update(users)
          .set({
            ...(name === undefined ? {} : { name }),
            ...(email === undefined ? {} : { email, emailKey: emailKey(email) }),
          })
          .where(eq(users.id, userId))
          .returning(accountColumns);
        return changed;
      } catch (error) {
        if (violatesUnique(error, emailIndex)) return 'email-taken';
        throw error;
      }
    },

    changePassword: ({ id, from, to, keepSessionId }) =>
      database.transaction(async (tx) => {
        const changed = await tx
          .update(users)
          .set({ passwordHash: to })
          .where(and(eq(users.id, id), eq(users.passwordHash, from)))
          .returning({ id: users.id });
        if (changed.length === 0) return false;
        await endSessions(tx, id, keepSessionId);
        return true;
      }),

    async renewPasswordHash({ id, from, to }) {
      await database.query
        .update(users)
        .set({ passwordHash: to })
        .where(and(eq(users.id, id), eq(users.passwordHash, from)));
    },

    async passwordHashCosts() {
      const found = await database.query
        .selectDistinct({ cost: sql`split_part(${users.passwordHash}, '$', 3)`.mapWith(Number) })
        .from(users);
      return found.map(({ cost }) => cost);
    },
  };
}

async function endSessions(tx: Queryable, userId: string, keepSessionId: string | undefined): Promise<void> {
  const kept = keepSessionId === undefined ? undefined : readId(keepSessionId);
  const others = kept === undefined ? undefined : ne(sessions.id, kept);
  await tx.delete(sessions).where(and(eq(sessions.userId, userId), others));
}
