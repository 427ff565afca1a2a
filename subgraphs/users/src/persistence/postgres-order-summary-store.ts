import type { Database, Queryable } from '@trellis/database';
import { readId } from '@trellis/validation';
import { and, asc, eq, inArray, lt, sql } from 'drizzle-orm';
import type { OrderSummaryStore } from '../application/order-summary-store.ts';
import type { Money, OrderStanding, OrderSummary } from '../domain/order-summary.ts';
import { orderStandings } from './schema.ts';

/** Sums up order standings in PostgreSQL or PGlite. */
export function createPostgresOrderSummaryStore(database: Database): OrderSummaryStore {
  return {
    async summarize(userIds) {
      const summaries = new Map<string, OrderSummary & { spend: Money[] }>();
      const possible = userIds.flatMap((id) => readId(id) ?? []);
      if (possible.length === 0) return summaries;
      const sums = await database.query
        .select({
          userId: orderStandings.customerId,
          currency: orderStandings.currency,
          count: sql`count(*)`.mapWith(Number),
          amount: sql`sum(${orderStandings.amount})`.mapWith(Number),
        })
        .from(orderStandings)
        .where(and(inArray(orderStandings.customerId, possible), eq(orderStandings.status, 'CONFIRMED')))
        .groupBy(orderStandings.customerId, orderStandings.currency)
        .orderBy(asc(orderStandings.currency));
      for (const { userId, count, amount, currency } of sums) {
        const { count: before, spend } = summaries.get(userId) ?? { count: 0, spend: [] };
        summaries.set(userId, { count: before + count, spend: [...spend, { amount, currency }] });
      }
      return summaries;
    },
  };
}

/**
 * Notes where an order stands, unless a later event of it has told already: events of one order may come in any order.
 * In the caller's transaction.
 */
export async function recordOrderStanding(tx: Queryable, standing: OrderStanding): Promise<void> {
  const { total, ...rest } = standing;
  const row = { ...rest, ...total };
  await tx
    .insert(orderStandings)
    .values(row)
    .onConflictDoUpdate({
      target: orderStandings.orderId,
      set: row,
      setWhere: lt(orderStandings.sequence, row.sequence),
    });
}
