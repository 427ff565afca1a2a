import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform, readEnvironment, type Platform } from '@trellis/platform';
import pg from 'pg';
import type { DatabaseName, Reading } from '../invariants.ts';
import type { PrivatePostgres } from '../support/private-postgres.ts';

/** All of Trellis in this process, on PostgreSQL. */
export interface PostgresPlatform {
  readonly gatewayUrl: string;
  readonly subgraphUrls: Platform['subgraphUrls'];
  /** For a look beside the services, and to interfere. */
  readonly pools: Readonly<Record<DatabaseName, pg.Pool>>;
  readonly reading: Reading;
  stop(): Promise<void>;
}

/**
 * Starts the gateway and the subgraphs with a database each on a server. Events travel in process, so that the databases are all that can fail.
 * @param changeUrl leads orders to its database some other way.
 */
export async function startPostgresPlatform(
  server: PrivatePostgres,
  options: {
    readonly changeUrl?: (url: string) => Promise<string>;
    readonly settings?: Readonly<Record<string, string>>;
  } = {},
): Promise<PostgresPlatform> {
  const suffix = Math.random().toString(36).slice(2);
  const directory = mkdtempSync(join(tmpdir(), 'trellis-chaos-'));
  const urls = {
    users: await server.createDatabase(`users_${suffix}`),
    products: await server.createDatabase(`products_${suffix}`),
    orders: await server.createDatabase(`orders_${suffix}`),
  };
  const settings = readEnvironment({
    TRELLIS_DATA_DIRECTORY: directory,
    GATEWAY_PORT: '0',
    USERS_PORT: '0',
    PRODUCTS_PORT: '0',
    ORDERS_PORT: '0',
    USERS_BCRYPT_COST: '4',
    USERS_DATABASE_URL: urls.users,
    PRODUCTS_DATABASE_URL: urls.products,
    ORDERS_DATABASE_URL: (await options.changeUrl?.(urls.orders)) ?? urls.orders,
    LOG_LEVEL: 'silent',
    ...options.settings,
  });
  const platform = await startPlatform(settings, () => undefined);
  const pools = { users: poolOf(urls.users), products: poolOf(urls.products), orders: poolOf(urls.orders) };
  const readerOf = (pool: pg.Pool) => ({
    query: async (text: string) => (await pool.query<Record<string, unknown>>(text)).rows,
  });
  return {
    gatewayUrl: platform.gatewayUrl,
    subgraphUrls: platform.subgraphUrls,
    pools,
    reading: {
      users: readerOf(pools.users),
      products: readerOf(pools.products),
      orders: readerOf(pools.orders),
    },
    async stop() {
      await platform.stop();
      await Promise.all(Object.values(pools).map((pool) => pool.end()));
      rmSync(directory, { recursive: true });
    },
  };
}

function poolOf(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 2 });
  // The server is killed under it.
  pool.on('error', () => undefined);
  return pool;
}
