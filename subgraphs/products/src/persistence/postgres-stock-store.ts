import type { Queryable } from '@trellis/database';
import { asc, eq, inArray, sql } from 'drizzle-orm';
import type { StockStore } from '../application/unit-of-work.ts';
import { stock, stockLedger } from './schema.ts';

/** The stock within a transaction. */
export function createPostgresStockStore(tx: Queryable): StockStore {
  return {
    async lock(productIds) {
      if (productIds.length === 0) return [];
      return tx
        .select()
        .from(stock)
        .where(inArray(stock.productId, [...productIds]))
        .orderBy(asc(stock.productId))
        .for('update');
    },
    async record(movements, now) {
      if (movements.length === 0) return;
      const written = await tx
        .insert(stock)
        .values(movements.map((movement) => movement.stock))
        .onConflictDoUpdate({
          target: stock.productId,
          set: {
            onHand: sql`excluded.on_hand`,
            reserved: sql`excluded.reserved`,
            version: sql`excluded.version`,
          },
          // A stock that was read without its lock would be overwritten here with what it was before somebody else's change.
          setWhere: eq(stock.version, sql`excluded.version - 1`),
        })
        .returning({ productId: stock.productId });
      if (written.length !== movements.length) throw new Error('a stock changed while it was being changed');
      await tx.insert(stockLedger).values(
        movements.map(({ change, stock: { productId, version } }) => ({
          ...change,
          productId,
          stockVersion: version,
          createdAt: now,
        })),
      );
    },
  };
}
