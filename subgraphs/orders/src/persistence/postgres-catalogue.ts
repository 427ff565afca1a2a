import type { Database, Queryable } from '@trellis/database';
import { inArray, lt, sql } from 'drizzle-orm';
import type { Catalogue } from '../application/order-store.ts';
import type { CatalogueEntry } from '../domain/price-order.ts';
import { catalogue } from './schema.ts';

/** The catalogue on PostgreSQL or PGlite. */
export function createPostgresCatalogue({ query }: Database): Catalogue {
  return {
    async entries(ids) {
      const rows = await query
        .select()
        .from(catalogue)
        .where(inArray(catalogue.productId, [...ids]));
      return new Map(rows.map((row) => [row.productId, toEntry(row)]));
    },
  };
}

/**
 * Keeps what an event told of a product, unless a later version is known already: events may come in any order.
 * @param tx the transaction in which the event is taken.
 */
export async function keepCatalogueEntry(
  tx: Queryable,
  { productId, name, price, archived }: CatalogueEntry,
  version: number,
): Promise<void> {
  const row = { version, name, priceAmount: price.amount, currency: price.currency, archived };
  await tx
    .insert(catalogue)
    .values({ productId, ...row })
    .onConflictDoUpdate({
      target: catalogue.productId,
      set: row,
      setWhere: lt(catalogue.version, sql`excluded.version`),
    });
}

function toEntry(row: typeof catalogue.$inferSelect): CatalogueEntry {
  return {
    productId: row.productId,
    name: row.name,
    price: { amount: row.priceAmount, currency: row.currency },
    archived: row.archived,
  };
}
