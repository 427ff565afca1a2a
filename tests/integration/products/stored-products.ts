import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Database } from '@trellis/database';
import { outbox } from '@trellis/outbox';
import type { CloudEvent } from '@trellis/event-contracts';
import { asc, sql } from 'drizzle-orm';
import {
  createProduct,
  type CreateProductInput,
} from '../../../subgraphs/products/src/application/create-product.ts';
import type { ChangeContext } from '../../../subgraphs/products/src/application/unit-of-work.ts';
import type { Product } from '../../../subgraphs/products/src/domain/product.ts';
import { createStorage } from '../../../subgraphs/products/src/storage.ts';

export const migrations = fileURLToPath(new URL('../../../subgraphs/products/migrations', import.meta.url));

/** What changes a database's catalogue, for nobody in particular. */
export function changesOf(database: Database): ChangeContext {
  return createStorage(database).changeContext({});
}

/** A product that could be added, with a SKU of its own. */
export function productInput(overrides: Partial<CreateProductInput> = {}): CreateProductInput {
  return {
    sku: randomUUID().toUpperCase(),
    name: 'Wireless Keyboard',
    description: 'Low-profile keys.',
    category: 'keyboards',
    price: { amount: 4_999, currency: 'USD' },
    initialStock: 10,
    ...overrides,
  };
}

export async function addProduct(
  database: Database,
  overrides: Partial<CreateProductInput> = {},
): Promise<Product> {
  const result = await createProduct(changesOf(database), productInput(overrides));
  if (!result.ok) throw new Error(result.errors[0]?.message);
  return result.value;
}

/** What waits in the outbox, oldest first. */
export async function eventsOf(database: Database): Promise<CloudEvent[]> {
  const rows = await database.query.select().from(outbox).orderBy(asc(outbox.position));
  return rows.map(({ event }) => event);
}

export async function emptyTables(database: Database): Promise<void> {
  await database.query.execute(
    sql`truncate categories, products, stock, stock_ledger, reservations, reservation_lines, outbox, inbox`,
  );
}
