import type { Queryable } from '@trellis/database';
import {
  keysetQuery,
  toConnection,
  type Connection,
  type Keyset,
  type PageRequest,
} from '@trellis/pagination';
import { and, asc, desc, eq, inArray } from 'drizzle-orm';
import type { LedgerEntry } from '../application/catalogue-reader.ts';
import { stock, stockLedger } from './schema.ts';

/** Within one product the versions are unique and without gaps. */
const newestFirst: Keyset = [{ column: stockLedger.stockVersion, order: 'desc', kind: 'integer' }];

/** The same page of several products' ledgers, in one statement that reads no more than the pages hold. */
export async function selectLedgers(
  db: Queryable,
  productIds: readonly string[],
  page: PageRequest,
): Promise<ReadonlyMap<string, Connection<LedgerEntry>>> {
  if (productIds.length === 0) return new Map();
  const { where, orderBy, limit } = keysetQuery(newestFirst, page);
  const pageOfOne = db
    .select()
    .from(stockLedger)
    .where(and(eq(stockLedger.productId, stock.productId), where))
    .orderBy(...orderBy)
    .limit(limit)
    .as('page');
  const rows = await db
    .select({
      id: pageOfOne.id,
      productId: pageOfOne.productId,
      stockVersion: pageOfOne.stockVersion,
      kind: pageOfOne.kind,
      onHandChange: pageOfOne.onHandChange,
      reservedChange: pageOfOne.reservedChange,
      reason: pageOfOne.reason,
      orderId: pageOfOne.orderId,
      createdAt: pageOfOne.createdAt,
    })
    .from(stock)
    .crossJoinLateral(pageOfOne)
    .where(inArray(stock.productId, [...productIds]))
    .orderBy(page.direction === 'forward' ? desc(pageOfOne.stockVersion) : asc(pageOfOne.stockVersion));

  const byProduct = new Map<string, (LedgerEntry & { readonly stockVersion: number })[]>(
    productIds.map((id) => [id, []]),
  );
  for (const { productId, ...entry } of rows) byProduct.get(productId)?.push(entry);
  return new Map(
    [...byProduct].map(([id, entries]) => [id, toConnection(entries, page, (entry) => [entry.stockVersion])]),
  );
}
