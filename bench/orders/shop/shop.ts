import { randomUUID } from 'node:crypto';
import { createTrellisClient, CreateProductDocument, LoginDocument } from '@trellis/client';
import type { Platform } from '../platforms/platform.ts';
import { openCustomer, type Customer } from './customer.ts';

/** So many that orders seldom want the same one at the same moment, as in a shop. */
const productCount = 50;
const plenty = 1_000_000;

/** Products without end, and customers who wait for their orders. */
export interface Shop {
  readonly customers: readonly Customer[];
  close(): Promise<void>;
}

/** Adds products and opens customers' accounts. Resolves when each customer has had an order confirmed. */
export async function openShop({ url, admin }: Platform, customerCount: number): Promise<Shop> {
  const products = await addProducts(url, admin);
  let drawn = 0;
  const nextProduct = () => products[drawn++ % products.length]!;
  const customers: Customer[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(customers.map((customer) => customer.leave()));
  };
  try {
    for (let index = 0; index < customerCount; index++) customers.push(await openCustomer(url, nextProduct));
    for (const customer of customers) await customer.firstOrder();
    return { customers, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function addProducts(url: string, admin: Platform['admin']): Promise<string[]> {
  let token: string | undefined;
  const client = createTrellisClient({ url, token: () => token });
  try {
    const { login } = await client.request(LoginDocument, { input: admin });
    token = login.session?.accessToken;
    const ids: string[] = [];
    for (let index = 0; index < productCount; index++) {
      const { createProduct } = await client.request(CreateProductDocument, {
        input: {
          sku: `BENCH-${randomUUID().slice(0, 8).toUpperCase()}`,
          name: `Product ${index}`,
          description: 'There is always enough of it.',
          category: 'bench',
          price: { amount: 1_000, currency: 'USD' },
          initialStock: plenty,
        },
      });
      const { product, userErrors } = createProduct;
      if (product == null) throw new Error(`no product: ${JSON.stringify(userErrors)}`);
      ids.push(product.id);
    }
    return ids;
  } finally {
    await client.stop();
  }
}
