import { PGlite } from '@electric-sql/pglite';
import { jest } from '@jest/globals';
import pg from 'pg';

/**
 * Runs something and tells which SQL it sent about orders, on whichever database; what the service does besides (its outbox, its sweeper)
 * is left out.
 */
export async function recordQueries(work: () => Promise<unknown>): Promise<string[]> {
  const embedded = jest.spyOn(PGlite.prototype, 'query');
  const remote = jest.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    const sent = [...embedded.mock.calls, ...remote.mock.calls].map(([query]) => textOf(query));
    return sent.filter((text) => /from "order(s|_items|_events)"/.test(text) && !text.includes('PENDING'));
  } finally {
    embedded.mockRestore();
    remote.mockRestore();
  }
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query;
  return typeof query === 'object' && query !== null && 'text' in query ? String(query.text) : '';
}
