import type { CategoryResolvers } from './generated/resolvers.ts';

export const categoryResolvers: CategoryResolvers = {
  productCount: ({ slug }, _args, { loaders }) => loaders.productCount.load(slug),
};
