import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AdjustStockDocument,
  BrowseProductsDocument,
  CancelOrderDocument,
  createTrellisClient,
  LoginDocument,
  MeDocument,
  PlaceOrderDocument,
  type TrellisClient,
} from '@trellis/client';
import { openDatabase, type Database } from '@trellis/database';
import { createLogger } from '@trellis/lifecycle';
import { playStory } from '@trellis/platform';
import { sql } from 'drizzle-orm';
import { raceForLastItems } from '../../e2e/last-items.ts';
import { startProcess } from '../../support/processes.ts';
import { createTestDatabase, type TestDatabase } from '../../support/services.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Acknowledged, DatabaseName, SqlReader } from './reading.ts';

const databaseNames: readonly DatabaseName[] = ['orders', 'products', 'users'];

/** The databases of an installation that was used for a while and then stopped, open for whoever wants to damage them. */
export interface InstallationUnderTest {
  readonly reading: Readonly<Record<DatabaseName, SqlReader>>;
  /** What its clients were told. */
  readonly acknowledged: Acknowledged;
  /** Runs a test in transactions that are taken back, so that the next one finds everything whole. */
  damaged<T>(test: () => Promise<T>): Promise<T>;
  /** Removes everything. */
  dispose(): Promise<void>;
}

/** Starts the platform, lets customers order, wait, cancel and be rejected, and stops it once nothing is under way. */
export async function makeInstallation(kind: 'PGlite' | 'PostgreSQL'): Promise<InstallationUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), 'trellis-invariants-'));
  const servers: TestDatabase[] = [];
  const urls: Partial<Record<DatabaseName, string>> = {};
  if (kind === 'PostgreSQL') {
    for (const name of databaseNames) {
      const server = await createTestDatabase();
      servers.push(server);
      urls[name] = server.url;
    }
  }
  const acknowledged = await useForAWhile(directory, urls);
  const databases = new Map<DatabaseName, Database>();
  for (const name of databaseNames) databases.set(name, await open(name, join(directory, name), urls[name]));
  const execute = async (name: DatabaseName, text: string) => {
    const answer: unknown = await databases.get(name)!.query.execute(sql.raw(text));
    return answer as { readonly rows: readonly Record<string, unknown>[] };
  };
  const everywhere = (text: string) => Promise.all(databaseNames.map((name) => execute(name, text)));
  const readerOf = (name: DatabaseName): SqlReader => ({
    query: async (text) => (await execute(name, text)).rows,
  });

  return {
    reading: { orders: readerOf('orders'), products: readerOf('products'), users: readerOf('users') },
    acknowledged,
    async damaged(test) {
      await everywhere('begin');
      try {
        return await test();
      } finally {
        await everywhere('rollback');
      }
    },
    async dispose() {
      for (const database of databases.values()) await database.stop();
      for (const server of servers) await server.drop();
      rmSync(directory, { recursive: true });
    },
  };
}

function open(name: DatabaseName, directory: string, url: string | undefined): Promise<Database> {
  const migrations = fileURLToPath(new URL(`../../../subgraphs/${name}/migrations`, import.meta.url));
  // One connection, so that a statement that begins a transaction begins it for those that follow.
  return openDatabase(
    { service: 'test', directory, url, migrations, poolSize: 1 },
    createLogger('test', 'silent'),
  );
}

async function useForAWhile(
  directory: string,
  urls: Partial<Record<DatabaseName, string>>,
): Promise<Acknowledged> {
  const ports = ['GATEWAY', 'USERS', 'PRODUCTS', 'ORDERS'].map((part) => [`${part}_PORT`, '0'] as const);
  const databaseUrls = Object.entries(urls).map(
    ([name, url]) => [`${name.toUpperCase()}_DATABASE_URL`, url] as const,
  );
  const platform = startProcess('platform/src/main.ts', {
    TRELLIS_DATA_DIRECTORY: directory,
    USERS_BCRYPT_COST: '4',
    ...Object.fromEntries([...ports, ...databaseUrls]),
  });
  try {
    const gatewayUrl = await waitFor(
      'the banner',
      () => {
        if (platform.child.exitCode !== null) throw new Error(platform.output());
        return /gateway +(http:\S+)\/graphql[^]*Ctrl-C stops/.exec(platform.output())?.[1];
      },
      60_000,
    );
    const account = (role: string): Account => {
      const [, email, password] = new RegExp(`${role} +(\\S+@\\S+) +(\\S+)`).exec(platform.output())!;
      return { email: email!, password: password! };
    };
    const accounts = { admin: account('admin'), customer: account('customer') };
    await playStory({ gatewayUrl, tell: () => undefined });
    await raceForLastItems({ gatewayUrl, admin: accounts.admin, customers: 5, units: 3 });
    return await collectAnswers(gatewayUrl, accounts);
  } finally {
    await platform.stop();
  }
}

interface Account {
  readonly email: string;
  readonly password: string;
}

type Accounts = Readonly<Record<'admin' | 'customer', Account>>;

/** Lets the demo customer order three times and cancel once, and the administrator find something; and waits until all of it has arrived. */
async function collectAnswers(gatewayUrl: string, accounts: Accounts): Promise<Acknowledged> {
  const clients: TrellisClient[] = [];
  const clientFor = (token?: string): TrellisClient => {
    const client = createTrellisClient({ url: `${gatewayUrl}/graphql`, token: () => token });
    clients.push(client);
    return client;
  };
  const logIn = async (input: Account): Promise<TrellisClient> => {
    const { login } = await clientFor().request(LoginDocument, { input });
    return clientFor(login.session?.accessToken);
  };
  try {
    const admin = await logIn(accounts.admin);
    const customer = await logIn(accounts.customer);
    const { me } = await customer.request(MeDocument);
    const { products } = await customer.request(BrowseProductsDocument, {
      filter: { available: true },
      first: 2,
    });
    const lines = products.nodes.map(({ id }) => ({ productId: id, quantity: 1 }));

    const place = async () => {
      const idempotencyKey = randomUUID();
      const { placeOrder } = await customer.request(PlaceOrderDocument, { input: { idempotencyKey, lines } });
      return { id: placeOrder.order!.id, customerId: me!.id, idempotencyKey };
    };
    const confirmed = await place();
    const cancelled = await place();
    await customer.request(CancelOrderDocument, { id: cancelled.id });
    const stockChange = { productId: lines[0]!.productId, reason: `found ${randomUUID()}`, onHandChange: 2 };
    const { productId, reason, onHandChange } = stockChange;
    await admin.request(AdjustStockDocument, { input: { productId, reason, change: onHandChange } });

    const last = await place();
    // Outboxes are sent in order: once users has heard of the last order, everything before it has arrived.
    await waitFor('users to know the orders', async () => {
      const { me } = await customer.request(MeDocument);
      return me?.orderSummary?.count === 2;
    });
    return {
      orders: [confirmed, cancelled, last],
      cancellations: [cancelled.id],
      stockChanges: [stockChange],
    };
  } finally {
    await Promise.all(clients.map((client) => client.stop()));
  }
}
