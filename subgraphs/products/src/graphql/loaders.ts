import type { Connection, PageRequest } from '@trellis/pagination';
import { batchWhileAwaited } from '@trellis/subgraph-server';
import DataLoader from 'dataloader';
import type { CatalogueReader, LedgerEntry } from '../application/catalogue-reader.ts';
import type { Category } from '../domain/category.ts';
import type { Product } from '../domain/product.ts';
import type { Stock } from '../domain/stock.ts';

/** Which page of which product's ledger. */
interface LedgerKey {
  readonly productId: string;
  readonly page: PageRequest;
}

/** Collects what the fields of one request ask for, so that a list costs as many statements as a single item. */
export interface Loaders {
  readonly product: DataLoader<string, Product | undefined>;
  readonly stock: DataLoader<string, Stock | undefined>;
  readonly category: DataLoader<string, Category | undefined>;
  readonly productCount: DataLoader<string, number>;
  readonly ledger: DataLoader<LedgerKey, Connection<LedgerEntry>, string>;
  /** Forgets what was read: after a change, the rest of the request must see it. */
  forget(): void;
}

/** One request may name more entities than PostgreSQL takes parameters in a statement (65,535), and each id is one. */
const maxBatchSize = 1_000;

/**
 * Loaders for one request.
 * @param signal of the request: what nobody waits for is not read.
 */
export function createLoaders(reader: CatalogueReader, signal: AbortSignal): Loaders {
  const byId = <V>(read: (ids: readonly string[]) => Promise<ReadonlyMap<string, V>>) =>
    new DataLoader<string, V | undefined>(
      batchWhileAwaited(signal, async (ids) => {
        const found = await read(ids);
        return ids.map((id) => found.get(id));
      }),
      { maxBatchSize },
    );
  const product = byId(async (ids) => keyed(await reader.findProducts(ids), ({ id }) => id));
  const stock = byId(async (ids) => keyed(await reader.findStocks(ids), ({ productId }) => productId));
  const category = byId(async (slugs) => keyed(await reader.findCategories(slugs), ({ slug }) => slug));
  const productCount = new DataLoader<string, number>(
    batchWhileAwaited(signal, async (slugs) => {
      const counts = await reader.countProducts(slugs);
      return slugs.map((slug) => counts.get(slug) ?? 0);
    }),
    { maxBatchSize },
  );
  const ledger = new DataLoader<LedgerKey, Connection<LedgerEntry>, string>(
    batchWhileAwaited(signal, (keys) => readLedgers(reader, keys)),
    {
      cacheKeyFn: ({ productId, page }) => `${productId} ${pageKey(page)}`,
      maxBatchSize,
    },
  );
  const all = [product, stock, category, productCount, ledger];
  return {
    product,
    stock,
    category,
    productCount,
    ledger,
    forget: () => all.forEach((loader) => loader.clearAll()),
  };
}

/** One statement for each page that is asked for; the products of a list all ask for the same. */
async function readLedgers(
  reader: CatalogueReader,
  keys: readonly LedgerKey[],
): Promise<Connection<LedgerEntry>[]> {
  const pages = new Map(keys.map(({ page }) => [pageKey(page), page]));
  const ledgers = new Map<string, ReadonlyMap<string, Connection<LedgerEntry>>>();
  for (const [name, page] of pages) {
    const productIds = keys.filter((key) => pageKey(key.page) === name).map(({ productId }) => productId);
    ledgers.set(name, await reader.listLedgers(productIds, page));
  }
  return keys.map(({ productId, page }) => {
    const connection = ledgers.get(pageKey(page))?.get(productId);
    if (connection === undefined) throw new Error(`the ledger of product ${productId} was not read`);
    return connection;
  });
}

function pageKey({ direction, size, cursor }: PageRequest): string {
  return JSON.stringify([direction, size, cursor]);
}

function keyed<V>(values: readonly V[], keyOf: (value: V) => string): Map<string, V> {
  return new Map(values.map((value) => [keyOf(value), value]));
}
