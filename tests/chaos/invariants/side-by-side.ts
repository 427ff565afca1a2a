import type { SqlReader } from './reading.ts';
import { quoted } from './sql-text.ts';

type Row = Readonly<Record<string, unknown>> & { readonly id: string };

/** What two databases say of one thing. */
export interface Pair {
  readonly id: string;
  /** Undefined: the owner does not know it. */
  readonly owned: Row | undefined;
  /** Undefined: the other one does not know it. */
  readonly kept: Row | undefined;
}

/** A statement on one database; its rows have an `id`, a UUID that no two of them share. */
export interface Side {
  readonly reader: SqlReader;
  readonly query: string;
}

/** So many that a round trip does not count, and so few that memory does not. */
const pageSize = 20_000;

/** Joins the rows of two databases by their ids, in pages. Of each page the owner's rows are read first. */
export async function* sideBySide(owner: Side, keeper: Side): AsyncGenerator<Pair> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const owned = await read(owner, `id > ${quoted(after)} order by id limit ${pageSize}`);
    const last = owned.length < pageSize ? undefined : owned.at(-1)?.id;
    const range = last === undefined ? '' : ` and id <= ${quoted(last)}`;
    const kept = new Map((await read(keeper, `id > ${quoted(after)}${range}`)).map((row) => [row.id, row]));
    for (const row of owned) {
      yield { id: row.id, owned: row, kept: kept.get(row.id) };
      kept.delete(row.id);
    }
    for (const [id, row] of kept) yield { id, owned: undefined, kept: row };
    if (last === undefined) return;
    after = last;
  }
}

async function read({ reader, query }: Side, condition: string): Promise<readonly Row[]> {
  return (await reader.query(`select * from (${query}) as side where ${condition}`)) as readonly Row[];
}
