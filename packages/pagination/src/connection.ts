import { writeCursor, type KeysetValues } from './keyset.ts';
import type { PageRequest } from './page-request.ts';

/** A Relay connection, as the schemas have it. */
export interface Connection<T> {
  readonly edges: { readonly cursor: string; readonly node: T }[];
  readonly nodes: T[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/**
 * Makes a connection of the rows that a keyset query fetched.
 * @param rows in the order of the query, one more than the page's size where there are further ones.
 * @param keyOf the values of the keyset's columns for a row.
 */
export function toConnection<T>(
  rows: readonly T[],
  page: PageRequest,
  keyOf: (row: T) => KeysetValues,
): Connection<T> {
  const more = rows.length > page.size;
  const nodes = rows.slice(0, page.size);
  if (page.direction === 'backward') nodes.reverse();
  const edges = nodes.map((node) => ({ cursor: writeCursor(keyOf(node)), node }));
  // Behind the place a page starts from there is at least the item whose cursor that is.
  const behind = page.cursor !== undefined;
  const forward = page.direction === 'forward';
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: forward ? more : behind,
      hasPreviousPage: forward ? behind : more,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
