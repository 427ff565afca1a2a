import type { Keyset, KeysetValues } from '@trellis/pagination';
import type { ProductOrder } from '../application/catalogue-reader.ts';
import type { Product } from '../domain/product.ts';
import { products } from './schema.ts';

interface ProductKeyset {
  readonly keyset: Keyset;
  readonly keyOf: (row: Product & { readonly nameKey: string }) => KeysetValues;
}

/** The columns of each order. Both run the same way, so that one index serves an order in both directions. */
export const productKeysets: Readonly<Record<ProductOrder, ProductKeyset>> = {
  NAME: {
    keyset: [
      { column: products.nameKey, order: 'asc', kind: 'text' },
      { column: products.id, order: 'asc', kind: 'uuid' },
    ],
    keyOf: ({ nameKey, id }) => [nameKey, id],
  },
  PRICE_ASC: {
    keyset: [
      { column: products.priceAmount, order: 'asc', kind: 'integer' },
      { column: products.id, order: 'asc', kind: 'uuid' },
    ],
    keyOf: ({ price, id }) => [price.amount, id],
  },
  PRICE_DESC: {
    keyset: [
      { column: products.priceAmount, order: 'desc', kind: 'integer' },
      { column: products.id, order: 'desc', kind: 'uuid' },
    ],
    keyOf: ({ price, id }) => [price.amount, id],
  },
  NEWEST: {
    keyset: [
      { column: products.createdAt, order: 'desc', kind: 'timestamp' },
      { column: products.id, order: 'desc', kind: 'uuid' },
    ],
    keyOf: ({ createdAt, id }) => [createdAt, id],
  },
};
