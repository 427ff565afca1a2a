import { failure, success, wholeNumber, type Result } from '@trellis/validation';
import { z } from 'zod';
import type { ProductError } from '../domain/errors.ts';
import { categoryOf } from '../domain/category.ts';
import { createProduct as createdProduct, type Product } from '../domain/product.ts';
import { openStock } from '../domain/stock.ts';
import { productFields } from './product-fields.ts';
import { checkInput } from './check-input.ts';
import type { ChangeContext } from './unit-of-work.ts';

/** Null is taken as left out. */
const initialStock = wholeNumber(0, 1_000_000)
  .nullish()
  .transform((stock) => stock ?? 0);

const newProduct = z.object({ ...productFields, initialStock });

export type CreateProductInput = z.input<typeof newProduct>;

/** Adds a product with its first stock, and opens its category when it is the first there. */
export async function createProduct(
  { transact, now, newId }: ChangeContext,
  input: CreateProductInput,
): Promise<Result<Product, ProductError>> {
  const valid = checkInput(newProduct, input);
  if (!valid.ok) return valid;
  const { initialStock, ...described } = valid.value;
  const at = now();
  const product = createdProduct({ id: newId(), ...described }, at);
  const opening = openStock(product.id, initialStock);

  return transact(async (unit) => {
    await unit.catalogue.openCategory(categoryOf(product.category));
    if (!(await unit.catalogue.add(product))) {
      return failure({
        code: 'SKU_TAKEN',
        message: 'Another product has this SKU.',
        field: ['input', 'sku'],
      });
    }
    await unit.stock.record([opening], at);
    await unit.publish([
      { kind: 'ProductCreated', product },
      { kind: 'StockChanged', stock: opening.stock, reason: opening.change.reason },
    ]);
    return success(product);
  });
}
