import type { Database } from '@trellis/database';
import { isNull, lt, sql } from 'drizzle-orm';
import type { SigningKeyStore, StoredSigningKey } from '../application/signing-key-store.ts';
import { signingKeys } from './schema.ts';

type Row = typeof signingKeys.$inferSelect;

/** Keeps signing keys in PostgreSQL or PGlite. */
export function createPostgresSigningKeyStore(database: Database): SigningKeyStore {
  return {
    async list() {
      return (await database.query.select().from(signingKeys)).map(fromRow);
    },

    succeed: (decide) =>
      database.transaction(async (tx) => {
        // Lets readers through and writers wait, those too that would add the first row, which no row lock could hold.
        await tx.execute(sql`lock table ${signingKeys} in exclusive mode`);
        const known = (await tx.select().from(signingKeys)).map(fromRow);
        const succession = decide(known);
        if (succession === undefined) return known;
        const { key, predecessorsRetireAt } = succession;
        await tx
          .update(signingKeys)
          .set({ retiresAt: predecessorsRetireAt })
          .where(isNull(signingKeys.retiresAt));
        const { sealedPrivateKey: privateKey, ...columns } = key;
        await tx.insert(signingKeys).values({ ...columns, privateKey });
        return (await tx.select().from(signingKeys)).map(fromRow);
      }),

    async deleteRetired(before) {
      await database.query.delete(signingKeys).where(lt(signingKeys.retiresAt, before));
    },
  };
}

function fromRow({ privateKey, ...columns }: Row): StoredSigningKey {
  return { ...columns, sealedPrivateKey: privateKey };
}
