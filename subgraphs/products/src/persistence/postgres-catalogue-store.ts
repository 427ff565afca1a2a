import type { Queryable } from '@trellis/database';
import { eq, inArray } from 'drizzle-orm';
import type { CatalogueStore } from '../application/unit-of-work.ts';
import { productColumns, toProduct, toProductRow } from './product-rows.ts';
import { categories, products } from './schema.ts';

/** The catalogue within a transaction. */
export function createPostgresCatalogueStore(tx: Queryable): CatalogueStore {
  return {
    async openCategory(category) {
      await tx.insert(categories).values(category).onConflictDoNothing();
    },
    async add(product) {
      const added = await tx
        .insert(products)
        .values(toProductRow(product))
        .onConflictDoNothing({ target: products.sku })
        .returning({ id: products.id });
      return added.length === 1;
    },
    async lock(id) {
      // Not `for update`: that would also keep away whoever only refers to the product, a new reservation for one.
      const rows = await tx
        .select(productColumns)
        .from(products)
        .where(eq(products.id, id))
        .for('no key update');
      return rows.map(toProduct)[0];
    },
    async save(product) {
      const { id, ...row } = toProductRow(product);
      await tx.update(products).set(row).where(eq(products.id, id));
    },
    async find(ids) {
      if (ids.length === 0) return [];
      const rows = await tx
        .select(productColumns)
        .from(products)
        .where(inArray(products.id, [...ids]));
      return rows.map(toProduct);
    },
  };
}
