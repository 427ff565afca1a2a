import { and, eq, gt, gte, like, lte, type SQL } from 'drizzle-orm';
import type { ProductQuery } from '../application/catalogue-reader.ts';
import { products, stock } from './schema.ts';

/** The condition that a query puts on products joined with their stock; undefined when it puts none. */
export function matches(query: ProductQuery): SQL | undefined {
  const { category, minPrice, maxPrice, available, words } = query;
  return and(
    category === undefined ? undefined : eq(products.category, category),
    minPrice === undefined ? undefined : gte(products.priceAmount, minPrice),
    maxPrice === undefined ? undefined : lte(products.priceAmount, maxPrice),
    available === undefined ? undefined : (available ? gt : lte)(stock.onHand, stock.reserved),
    ...words.map((word) => like(products.searchText, `%${escapeLike(word)}%`)),
  );
}

/** Takes the meaning of a wildcard off the characters that `LIKE` gives one. */
function escapeLike(word: string): string {
  return word.replace(/[\\%_]/g, '\\$&');
}
