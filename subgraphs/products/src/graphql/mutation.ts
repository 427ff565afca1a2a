import { requireRole } from '@trellis/subgraph-server';
import type { Result } from '@trellis/validation';
import type { ProductError } from '../domain/errors.ts';
import { adjustStock } from '../application/adjust-stock.ts';
import { archiveProduct } from '../application/archive-product.ts';
import { createProduct } from '../application/create-product.ts';
import type { ChangeContext } from '../application/unit-of-work.ts';
import { updateProduct } from '../application/update-product.ts';
import type { Product } from '../domain/product.ts';
import type { GraphQLContext } from './context.ts';
import type { MutationResolvers } from './generated/resolvers.ts';

interface ProductPayload {
  readonly product: Product | null;
  readonly userErrors: ProductError[];
}

/** Runs a change of the catalogue for an administrator. */
async function change(
  { identity, changes, loaders }: GraphQLContext,
  useCase: (context: ChangeContext) => Promise<Result<Product, ProductError>>,
): Promise<ProductPayload> {
  requireRole(identity, 'ADMIN');
  const result = await useCase(changes);
  loaders.forget();
  return result.ok ? { product: result.value, userErrors: [] } : { product: null, userErrors: result.errors };
}

export const mutationResolvers: MutationResolvers = {
  createProduct: (_parent, { input }, context) => change(context, (changes) => createProduct(changes, input)),
  updateProduct: (_parent, { input }, context) => change(context, (changes) => updateProduct(changes, input)),
  archiveProduct: (_parent, { id }, context) => change(context, (changes) => archiveProduct(changes, id)),
  adjustStock: (_parent, { input }, context) => change(context, (changes) => adjustStock(changes, input)),
};
