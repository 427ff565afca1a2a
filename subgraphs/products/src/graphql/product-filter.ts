import { badArgument } from '@trellis/subgraph-server';
import { text } from '@trellis/validation';
import type { ProductQuery } from '../application/catalogue-reader.ts';
import { isCategorySlug } from '../domain/category.ts';
import { searchWords } from '../domain/fold-text.ts';
import type { ProductFilter } from './generated/resolvers.ts';

const searchText = text({ min: 0, max: 100 });

/**
 * Reads the filter of a list of products.
 * @throws GraphQLError BAD_USER_INPUT naming the part that does not fit.
 */
export function readProductFilter(filter: ProductFilter | null | undefined): ProductQuery {
  const { category, minPrice, maxPrice, available, text: search } = filter ?? {};
  if (minPrice != null && maxPrice != null && minPrice > maxPrice) {
    throw badArgument('filter.minPrice', 'minPrice must not be more than maxPrice');
  }
  return {
    words: search == null ? [] : searchWords(readSearch(search)),
    // What cannot be a slug is the name of no category, and is kept from the database, which some of it (a NUL) would upset.
    ...(category == null ? {} : { category: isCategorySlug(category) ? category : '' }),
    ...(minPrice == null ? {} : { minPrice }),
    ...(maxPrice == null ? {} : { maxPrice }),
    ...(available == null ? {} : { available }),
  };
}

function readSearch(search: string): string {
  const parsed = searchText.safeParse(search);
  if (parsed.success) return parsed.data;
  throw badArgument('filter.text', `text ${parsed.error.issues[0]?.message ?? 'does not fit'}`);
}
