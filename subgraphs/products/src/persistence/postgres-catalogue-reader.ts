import type { Queryable } from '@trellis/database';
import { keysetQuery, toConnection } from '@trellis/pagination';
import { and, asc, count, eq, inArray, isNull } from 'drizzle-orm';
import type { CatalogueReader } from '../application/catalogue-reader.ts';
import { selectLedgers } from './ledger-pages.ts';
import { productKeysets } from './product-keysets.ts';
import { matches } from './product-query.ts';
import { productColumns, toProduct } from './product-rows.ts';
import { categories, products, stock } from './schema.ts';

/** Looks at the catalogue and its stock, outside of any transaction. */
export function createPostgresCatalogueReader(db: Queryable): CatalogueReader {
  return {
    async findProducts(ids) {
      if (ids.length === 0) return [];
      const rows = await db
        .select(productColumns)
        .from(products)
        .where(inArray(products.id, [...ids]));
      return rows.map(toProduct);
    },
    async findStocks(productIds) {
      if (productIds.length === 0) return [];
      return db
        .select()
        .from(stock)
        .where(inArray(stock.productId, [...productIds]));
    },
    async findCategories(slugs) {
      if (slugs.length === 0) return [];
      return db
        .select()
        .from(categories)
        .where(inArray(categories.slug, [...slugs]));
    },
    async countProducts(slugs) {
      if (slugs.length === 0) return new Map();
      const counts = await db
        .select({ slug: products.category, count: count() })
        .from(products)
        .where(and(inArray(products.category, [...slugs]), isNull(products.archivedAt)))
        .groupBy(products.category);
      return new Map(counts.map((row) => [row.slug, row.count]));
    },
    async listProducts(query, order, page) {
      const { keyset, keyOf } = productKeysets[order];
      const { where, orderBy, limit } = keysetQuery(keyset, page);
      const rows = await db
        .select({ ...productColumns, nameKey: products.nameKey })
        .from(products)
        .innerJoin(stock, eq(stock.productId, products.id))
        .where(and(isNull(products.archivedAt), matches(query), where))
        .orderBy(...orderBy)
        .limit(limit);
      const nodes = rows.map(({ nameKey, ...row }) => ({ ...toProduct(row), nameKey }));
      return toConnection(nodes, page, keyOf);
    },
    async listCategories() {
      return db.select().from(categories).orderBy(asc(categories.name), asc(categories.slug));
    },
    listLedgers: (productIds, page) => selectLedgers(db, productIds, page),
    async findSkus(skus) {
      const rows = await db
        .select({ sku: products.sku })
        .from(products)
        .where(inArray(products.sku, [...skus]));
      return new Set(rows.map(({ sku }) => sku));
    },
  };
}
