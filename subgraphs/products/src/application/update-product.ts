import { failure, readId, success, type Result } from '@trellis/validation';
import { z } from 'zod';
import { productIsArchived, productNotFound, type ProductError } from '../domain/errors.ts';
import { categoryOf } from '../domain/category.ts';
import { changeProduct, isArchived, type Product, type ProductChanges } from '../domain/product.ts';
import { productFields } from './product-fields.ts';
import { checkInput } from './check-input.ts';
import type { ChangeContext } from './unit-of-work.ts';

const changedProduct = z.object({
  id: z.string(),
  name: productFields.name.nullish(),
  description: productFields.description.nullish(),
  category: productFields.category.nullish(),
  price: productFields.price.nullish(),
});

export type UpdateProductInput = z.input<typeof changedProduct>;

/** Changes a product; what is left out, or null, stays. Changes that change nothing are not an event. */
export async function updateProduct(
  { transact, now }: ChangeContext,
  input: UpdateProductInput,
): Promise<Result<Product, ProductError>> {
  const valid = checkInput(changedProduct, input);
  if (!valid.ok) return valid;
  const id = readId(valid.value.id);
  if (id === undefined) return failure(productNotFound(['input', 'id']));
  const changes = changesOf(valid.value);

  return transact(async (unit) => {
    const product = await unit.catalogue.lock(id);
    if (product === undefined) return failure(productNotFound(['input', 'id']));
    if (isArchived(product)) return failure(productIsArchived(['input', 'id']));
    const changed = changeProduct(product, changes, now());
    if (changed === product) return success(product);
    if (changed.category !== product.category)
      await unit.catalogue.openCategory(categoryOf(changed.category));
    await unit.catalogue.save(changed);
    await unit.publish([{ kind: 'ProductUpdated', product: changed }]);
    return success(changed);
  });
}

function changesOf({ name, description, category, price }: z.output<typeof changedProduct>): ProductChanges {
  return {
    ...(name == null ? {} : { name }),
    ...(description == null ? {} : { description }),
    ...(category == null ? {} : { category }),
    ...(price == null ? {} : { price }),
  };
}
