import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import fc from 'fast-check';
import { describeOnEveryDatabase } from '../../../tests/support/databases.ts';
import { propertyRuns } from '../../../tests/support/property-parameters.ts';
import {
  keysetQuery,
  parsePageArguments,
  toConnection,
  type Connection,
  type Keyset,
  type PageArguments,
} from './index.ts';

/** A cursor of these values, whoever made it. */
function forged(values: unknown): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

describe('the arguments of a page', () => {
  it('default to the first twenty', () => {
    expect(parsePageArguments({})).toEqual({ direction: 'forward', size: 20 });
  });

  it('read backwards with last and before', () => {
    expect(parsePageArguments({ last: 3, before: 'x' })).toEqual({
      direction: 'backward',
      size: 3,
      cursor: 'x',
    });
  });

  it.each([
    [{ first: 0 }, 'first'],
    [{ first: -1 }, 'first'],
    [{ first: 101 }, 'first'],
    [{ last: 2 ** 31 - 1 }, 'last'],
    [{ first: 1, last: 1 }, 'last'],
    [{ first: 1, before: 'x' }, 'before'],
    [{ last: 1, after: 'x' }, 'after'],
    [{ after: 'x', before: 'y' }, 'after'],
  ])('refuses %j and names the argument', (args, argument) => {
    expect(() => parsePageArguments(args)).toThrow(
      expect.objectContaining({ name: 'InvalidPageError', argument }),
    );
  });
});

const things = pgTable('things', {
  id: uuid().primaryKey(),
  rank: integer().notNull(),
  label: text().notNull(),
  at: timestamp({ precision: 3, withTimezone: true }).notNull(),
});
type Thing = typeof things.$inferSelect;

const keyset: Keyset = [
  { column: things.rank, order: 'desc', kind: 'integer' },
  { column: things.at, order: 'asc', kind: 'timestamp' },
  { column: things.id, order: 'asc', kind: 'uuid' },
];

const migrations = new URL('../../../tests/support/outbox-migrations', import.meta.url).pathname;

describeOnEveryDatabase('a keyset', migrations, (subject) => {
  beforeAll(async () => {
    await subject.database.query.execute(
      sql`create table things (id uuid primary key, rank int not null, label text not null, at timestamptz(3) not null)`,
    );
  });

  beforeEach(async () => {
    await subject.database.query.execute(sql`truncate things`);
  });

  function thing(rank: number, second = 0): Thing {
    return {
      id: randomUUID(),
      rank,
      label: `rank ${rank}`,
      at: new Date(Date.UTC(2026, 0, 1, 0, 0, second, 123)),
    };
  }

  async function insert(rows: readonly Thing[]): Promise<void> {
    if (rows.length > 0) await subject.database.query.insert(things).values([...rows]);
  }

  async function read(args: PageArguments): Promise<Connection<Thing>> {
    const page = parsePageArguments(args);
    const { where, orderBy, limit } = keysetQuery(keyset, page);
    const rows = await subject.database.query
      .select()
      .from(things)
      .where(where)
      .orderBy(...orderBy)
      .limit(limit);
    return toConnection(rows, page, (row) => [row.rank, row.at, row.id]);
  }

  const byKeyset = (a: Thing, b: Thing): number =>
    b.rank - a.rank || a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1);

  it('visits every item once, forwards and backwards, whatever ties there are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 })), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (keys, size) => {
          await subject.database.query.execute(sql`truncate things`);
          const rows = keys.map(([rank, second]) => thing(rank, second));
          await insert(rows);
          const expected = rows.toSorted(byKeyset).map((row) => row.id);

          const forwards: string[] = [];
          for (
            let page = await read({ first: size });
            ;
            page = await read({ first: size, after: page.pageInfo.endCursor })
          ) {
            forwards.push(...page.nodes.map((node) => node.id));
            if (!page.pageInfo.hasNextPage) break;
          }
          const backwards: string[] = [];
          for (
            let page = await read({ last: size });
            ;
            page = await read({ last: size, before: page.pageInfo.startCursor })
          ) {
            backwards.unshift(...page.nodes.map((node) => node.id));
            if (!page.pageInfo.hasPreviousPage) break;
          }

          expect(forwards).toEqual(expected);
          expect(backwards).toEqual(expected);
        },
      ),
      { numRuns: propertyRuns(25) },
    );
  });

  it('neither repeats nor skips an item when others are inserted between two pages', async () => {
    await insert([thing(4), thing(3), thing(2), thing(1)]);
    const first = await read({ first: 2 });

    await insert([thing(5), thing(0)]);
    const second = await read({ first: 2, after: first.pageInfo.endCursor });

    expect([...first.nodes, ...second.nodes].map((node) => node.rank)).toEqual([4, 3, 2, 1]);
  });

  const id = '0198f7a1-2b3c-4d4e-8f50-617283940a1b';
  const moment = '2026-01-01T00:00:00.000Z';

  it('takes a cursor that it could have written itself', async () => {
    const page = await read({ first: 1, after: forged([1, moment, id]) });
    expect(page.nodes).toEqual([]);
  });

  async function refuses(after: string): Promise<void> {
    await expect(read({ first: 1, after })).rejects.toMatchObject({
      name: 'InvalidPageError',
      argument: 'after',
    });
  }

  it.each(['', 'nonsense', '!'])('refuses %j for a cursor', refuses);

  it.each([
    [{ a: 1 }],
    [[1]],
    [[1, 'x', 'y']],
    [[1, moment, 'no-uuid']],
    [[1, 0, id]],
    [[1, '0000-01-01T00:00:00.000Z', id]],
    [[1, '-000001-01-01T00:00:00.000Z', id]],
    [[1, '+010000-01-01T00:00:00.000Z', id]],
    [[1, '2026-13-01T00:00:00.000Z', id]],
    [[1, '2026-01-01T24:00:01.000Z', id]],
    [[2 ** 31, moment, id]],
    [[1.5, moment, id]],
  ])('refuses a cursor of %j before it reaches the database', (values) => refuses(forged(values)));
});
