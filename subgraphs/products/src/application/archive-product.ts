import { failure, readId, success, type Result } from '@trellis/validation';
import { productNotFound, type ProductError } from '../domain/errors.ts';
import { archiveProduct as archivedProduct, type Product } from '../domain/product.ts';
import type { ChangeContext } from './unit-of-work.ts';

/**
 * Takes a product out of the catalogue. What orders hold of it stays theirs. A product that was archived before is returned as it
 * is, so that the call can be repeated when its answer was lost.
 */
export async function archiveProduct(
  { transact, now }: ChangeContext,
  productId: string,
): Promise<Result<Product, ProductError>> {
  const id = readId(productId);
  if (id === undefined) return failure(productNotFound(['id']));
  return transact(async (unit) => {
    const product = await unit.catalogue.lock(id);
    if (product === undefined) return failure(productNotFound(['id']));
    const archived = archivedProduct(product, now());
    if (archived === product) return success(product);
    await unit.catalogue.save(archived);
    await unit.publish([{ kind: 'ProductArchived', product: archived }]);
    return success(archived);
  });
}
