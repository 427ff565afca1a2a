import { readId } from '@trellis/validation';
import { and, asc, desc, eq, gt, lt, or, type AnyColumn, type SQL } from 'drizzle-orm';
import { InvalidPageError, type PageRequest } from './page-request.ts';

/** A column that a list is ordered by. */
export interface KeysetColumn {
  readonly column: AnyColumn;
  readonly order: 'asc' | 'desc';
  /** What its values are; a cursor is checked against it before it reaches the database. `timestamp` means milliseconds: `timestamp(3)`. */
  readonly kind: 'uuid' | 'integer' | 'text' | 'timestamp';
}

/** The order of a list, by columns that together are unique, so that every item has one place (seek method, no offsets). */
export type Keyset = readonly [KeysetColumn, ...KeysetColumn[]];

/** The value of each of a keyset's columns for one row. */
export type KeysetValues = readonly (string | number | Date)[];

/** How to select a page: fetch `limit` rows, which is one more than asked for, to learn whether there are further ones. */
export interface KeysetQuery {
  readonly where: SQL | undefined;
  readonly orderBy: SQL[];
  readonly limit: number;
}

/**
 * Turns a page request into a query that seeks to its cursor, so a page costs the same wherever it stands, and rows that come
 * or go elsewhere neither repeat nor hide others.
 * @throws InvalidPageError for a cursor that is not one of this list.
 */
export function keysetQuery(keyset: Keyset, page: PageRequest): KeysetQuery {
  const forward = page.direction === 'forward';
  const ascending = (key: KeysetColumn): boolean => (key.order === 'asc') === forward;
  const orderBy = keyset.map((key) => (ascending(key) ? asc(key.column) : desc(key.column)));
  const where = page.cursor === undefined ? undefined : beyond(keyset, readCursor(keyset, page), ascending);
  return { where, orderBy, limit: page.size + 1 };
}

/** (a, b) beyond (x, y): a beyond x, or a equal to x and b beyond y. Spelt out, because the columns may run different ways. */
function beyond(
  keyset: Keyset,
  values: readonly (string | number | Date)[],
  ascending: (key: KeysetColumn) => boolean,
): SQL | undefined {
  return or(
    ...keyset.map((key, index) =>
      and(
        ...keyset.slice(0, index).map((earlier, place) => eq(earlier.column, values[place])),
        ascending(key) ? gt(key.column, values[index]) : lt(key.column, values[index]),
      ),
    ),
  );
}

/** Names a row's place in a list; opaque to clients. */
export function writeCursor(values: KeysetValues): string {
  const plain = values.map((value) => (value instanceof Date ? value.toISOString() : value));
  return Buffer.from(JSON.stringify(plain)).toString('base64url');
}

function readCursor(keyset: Keyset, page: PageRequest): (string | number | Date)[] {
  const argument = page.direction === 'forward' ? 'after' : 'before';
  const invalid = new InvalidPageError(argument, `${argument} is not a cursor of this list`);
  let values: unknown;
  try {
    values = JSON.parse(Buffer.from(page.cursor ?? '', 'base64url').toString());
  } catch {
    throw invalid;
  }
  if (!Array.isArray(values) || values.length !== keyset.length) throw invalid;
  return keyset.map((key, index) => {
    const value: unknown = values[index];
    if (!isOfKind[key.kind](value)) throw invalid;
    return key.kind === 'timestamp' ? new Date(value as string) : (value as string | number);
  });
}

const isOfKind: Record<KeysetColumn['kind'], (value: unknown) => boolean> = {
  uuid: (value) => typeof value === 'string' && readId(value) !== undefined,
  // PostgreSQL's own range: a forged cursor beyond it would be a failed statement.
  integer: (value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31,
  text: (value) => typeof value === 'string' && !value.includes('\0'),
  timestamp: (value) =>
    typeof value === 'string' &&
    /^(?!0000)\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
};
