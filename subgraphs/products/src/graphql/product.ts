import { readId } from '@trellis/validation';
import { isArchived } from '../domain/product.ts';
import type { ProductResolvers } from './generated/resolvers.ts';

export const productResolvers: ProductResolvers = {
  async __resolveReference({ id }, { loaders }) {
    const productId = readId(id);
    return productId === undefined ? null : ((await loaders.product.load(productId)) ?? null);
  },
  archived: (product) => isArchived(product),
  async category(product, _args, { loaders }) {
    const category = await loaders.category.load(product.category);
    if (category === undefined) throw new Error(`product ${product.id} stands in no category`);
    return category;
  },
  async stock(product, _args, { loaders }) {
    const stock = await loaders.stock.load(product.id);
    if (stock === undefined) throw new Error(`product ${product.id} has no stock`);
    return stock;
  },
};
