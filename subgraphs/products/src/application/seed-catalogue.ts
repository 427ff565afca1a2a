import type { CatalogueReader } from './catalogue-reader.ts';
import { createProduct } from './create-product.ts';
import { demonstrationProducts } from './demonstration-products.ts';
import type { ChangeContext } from './unit-of-work.ts';

/**
 * Adds the demonstration catalogue, each product the way an administrator would, so that everyone hears of it. A product that is there
 * (by its SKU) is left as it is, also when another replica adds it at the same moment.
 * @returns how many were added.
 */
export async function seedCatalogue(
  changes: ChangeContext,
  reader: Pick<CatalogueReader, 'findSkus'>,
): Promise<number> {
  const known = await reader.findSkus(demonstrationProducts.map(({ sku }) => sku));
  let added = 0;
  for (const product of demonstrationProducts.filter(({ sku }) => !known.has(sku))) {
    const { amount, ...rest } = product;
    const result = await createProduct(changes, { ...rest, price: { amount, currency: 'USD' } });
    if (result.ok) added += 1;
    else if (result.errors.some(({ code }) => code !== 'SKU_TAKEN')) {
      throw new Error(`${product.sku} could not be added: ${result.errors[0]?.message}`);
    }
  }
  return added;
}
