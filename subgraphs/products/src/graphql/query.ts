import { readPage } from '@trellis/subgraph-server';
import { readId } from '@trellis/validation';
import { checkStock } from '../application/check-stock.ts';
import type { QueryResolvers } from './generated/resolvers.ts';
import { readProductFilter } from './product-filter.ts';

export const queryResolvers: QueryResolvers = {
  async product(_parent, { id }, { loaders }) {
    const productId = readId(id);
    return productId === undefined ? null : ((await loaders.product.load(productId)) ?? null);
  },
  products(_parent, { filter, sort, ...args }, { reader }) {
    return readPage(args, (page) => reader.listProducts(readProductFilter(filter), sort ?? 'NAME', page));
  },
  async categories(_parent, _args, { reader }) {
    return [...(await reader.listCategories())];
  },
  async checkStock(_parent, { lines }, { reader }) {
    const checked = await checkStock(reader, lines);
    if (!checked.ok) return { lines: [], sufficient: false, userErrors: checked.errors };
    return {
      lines: checked.value,
      sufficient: checked.value.every(({ sufficient }) => sufficient),
      userErrors: [],
    };
  },
};
