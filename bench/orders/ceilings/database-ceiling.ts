import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mode } from '../command-line.ts';
import { closedLoop, type Window, type Work } from '../load/load.ts';
import { openCorner } from '../servers.ts';

/** What a database does when it is asked for nothing else: transactions of one inserted row a second. */
export interface DatabaseCeiling {
  readonly commitsOneConnection: number;
  /** With as many connections as a service's pool has; embedded, there is one for all. */
  readonly commitsPool: number;
  /** Statements a second that read one row by its key, over the same connections. */
  readonly readsPool: number;
}

/** As a service's pool has. */
const poolSize = 10;
const table = 'create table row (id bigint generated always as identity primary key, content text not null)';
const insert = 'insert into row (content) values ($1)';
const read = 'select content from row where id = $1';
const content = 'x'.repeat(600);

interface Connections {
  query(text: string, values: readonly unknown[]): Promise<unknown>;
}

export function measureDatabase(mode: Mode, window: Window): Promise<DatabaseCeiling> {
  return mode === 'embedded' ? measurePglite(window) : measurePostgres(window);
}

async function measurePglite(window: Window): Promise<DatabaseCeiling> {
  const directory = mkdtempSync(join(tmpdir(), 'trellis-bench-'));
  const database = await PGlite.create({ dataDir: join(directory, 'data') });
  try {
    await database.exec(table);
    return await measure({ query: (text, values) => database.query(text, [...values]) }, window);
  } finally {
    await database.close();
    rmSync(directory, { recursive: true });
  }
}

async function measurePostgres(window: Window): Promise<DatabaseCeiling> {
  const corner = openCorner();
  try {
    const pool = new pg.Pool({ connectionString: await corner.createDatabase(), max: poolSize });
    try {
      await pool.query(table);
      return await measure({ query: (text, values) => pool.query(text, [...values]) }, window);
    } finally {
      await pool.end();
    }
  } finally {
    await corner.remove();
  }
}

async function measure(connections: Connections, window: Window): Promise<DatabaseCeiling> {
  const rate = async (inFlight: number, work: Work) =>
    (
      await closedLoop(
        Array.from({ length: inFlight }, () => work),
        window,
      )
    ).perSecond;
  const write = () => connections.query(insert, [content]);
  return {
    commitsOneConnection: await rate(1, write),
    commitsPool: await rate(poolSize, write),
    readsPool: await rate(poolSize, () => connections.query(read, [1])),
  };
}
