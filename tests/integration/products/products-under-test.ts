import { randomUUID } from 'node:crypto';
import type { Identity } from '@trellis/auth';
import { startProductsService, subgraphName, type ProductsService } from '@trellis/products';
import { describeSubgraph, type SubgraphUnderTest } from '../../support/subgraph-under-test.ts';

export const admin: Identity = { kind: 'user', userId: randomUUID(), roles: ['ADMIN'] };
export const customer: Identity = { kind: 'user', userId: randomUUID(), roles: ['CUSTOMER'] };

export type ProductsUnderTest = SubgraphUnderTest<ProductsService>;

/** What the mutations of the catalogue answer. */
export interface Payload {
  readonly product: { readonly id: string } | null;
  readonly userErrors: readonly { readonly code: string; readonly field: string[] | null }[];
}

/** Runs a suite against the service on PGlite and, where there is one, on PostgreSQL, with the demonstration catalogue in it. */
export function describeProductsService(title: string, define: (products: ProductsUnderTest) => void): void {
  describeSubgraph(
    title,
    subgraphName,
    ({ url, directory }, parts) =>
      startProductsService({
        ...parts,
        settings: {
          PRODUCTS_PORT: 0,
          PRODUCTS_HOST: '127.0.0.1',
          PRODUCTS_DATABASE_URL: url,
          PRODUCTS_DATA_DIRECTORY: directory,
          PRODUCTS_SEED: true,
        },
      }),
    define,
  );
}

/** Asks on behalf of an administrator for what must be answered without errors. */
export async function dataOf<T>(products: ProductsUnderTest, query: string, variables = {}): Promise<T> {
  const { data, errors } = await products.ask<T>(query, variables, admin);
  if (errors !== undefined) throw new Error(errors[0]?.message);
  return data;
}

/** Calls a mutation as an administrator and returns its payload. */
export async function mutate(
  products: ProductsUnderTest,
  field: string,
  argument: 'input' | 'id',
  value: unknown,
): Promise<Payload> {
  const type = argument === 'id' ? 'ID!' : `${field.charAt(0).toUpperCase()}${field.slice(1)}Input!`;
  const data = await dataOf<Record<string, Payload>>(
    products,
    `mutation ($value: ${type}) { ${field}(${argument}: $value) { product { id } userErrors { code field message } } }`,
    { value },
  );
  return data[field]!;
}

/** A product that could be added, with a SKU of its own. */
export function newProduct(overrides: object = {}) {
  return {
    sku: randomUUID().toUpperCase(),
    name: 'Lamp',
    description: '',
    category: 'lights',
    price: { amount: 1_000, currency: 'USD' },
    ...overrides,
  };
}

/** Adds a product. @returns its id. */
export async function addProduct(products: ProductsUnderTest, overrides: object = {}): Promise<string> {
  const { product } = await mutate(products, 'createProduct', 'input', newProduct(overrides));
  return product!.id;
}
