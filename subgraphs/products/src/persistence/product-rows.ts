import { foldText } from '../domain/fold-text.ts';
import type { Product } from '../domain/product.ts';
import { products } from './schema.ts';

export type ProductRow = typeof products.$inferSelect;

/** The columns that a product is read from: not the ones that only searching and ordering need. */
export const productColumns = {
  id: products.id,
  sku: products.sku,
  name: products.name,
  description: products.description,
  category: products.category,
  priceAmount: products.priceAmount,
  priceCurrency: products.priceCurrency,
  version: products.version,
  archivedAt: products.archivedAt,
  createdAt: products.createdAt,
  updatedAt: products.updatedAt,
};

export function toProduct(row: Pick<ProductRow, keyof typeof productColumns>): Product {
  const { priceAmount, priceCurrency, ...rest } = row;
  return { ...rest, price: { amount: priceAmount, currency: priceCurrency } };
}

export function toProductRow({ price, ...rest }: Product): ProductRow {
  return {
    ...rest,
    priceAmount: price.amount,
    priceCurrency: price.currency,
    nameKey: foldText(rest.name),
    searchText: foldText([rest.name, rest.description, rest.sku].join('\n')),
  };
}
