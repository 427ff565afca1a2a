import type { Database } from '@trellis/database';
import { sql } from 'drizzle-orm';

/** The answer has more rows than are held in memory for one. */
export class TooManyRowsError extends Error {
  override readonly name = 'TooManyRowsError';
}

/** One row of an answer, as JSON can carry it. */
export type Row = Readonly<Record<string, unknown>>;

/** More rows than this are a mistake of whoever asks. */
const maxRows = 50_000;

/**
 * Answers one statement that reads: `select`, `with … select` or `values`. It runs in a transaction that cannot write.
 * @throws StatementFailedError when the database refuses it, TooManyRowsError when it has more than `limit` rows: an answer without
 *   some of them would look whole.
 */
export async function readRows(database: Database, text: string, limit = maxRows): Promise<Row[]> {
  // Inside a query of ours with a parameter, the text can be one query only: no second statement could follow that ends the transaction. It
  // ends on a line of its own, for a comment may be the last of it.
  const query = sql`select * from (${sql.raw(text.trim().replace(/;+$/, ''))}
) as answer limit ${limit + 1}`;
  const { rows } = (await database.transaction(
    async (tx) => {
      await tx.execute(sql`set transaction read only`);
      return tx.execute(query);
    },
    // Also what a statement that reads can change, a setting of the connection, is undone.
    () => false,
  )) as { readonly rows: Row[] };
  if (rows.length > limit) throw new TooManyRowsError(`the answer has more than ${limit} rows`);
  return rows;
}
