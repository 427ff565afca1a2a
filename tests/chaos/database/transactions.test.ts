import { fileURLToPath } from 'node:url';
import { generateSigningKey, createStaticKeySet } from '@trellis/auth';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseUnavailableError, openDatabase, type Database } from '@trellis/database';
import { createLogger } from '@trellis/lifecycle';
import { createInProcessBus } from '@trellis/messaging';
import { startOrdersService } from '@trellis/orders';
import { startProductsService } from '@trellis/products';
import { startUsersService } from '@trellis/users';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import { describeWithPrivatePostgres } from '../support/private-postgres.ts';

const logger = createLogger('test', 'silent');
const migrations = fileURLToPath(new URL('../../../subgraphs/orders/migrations', import.meta.url));
let databases = 0;

describeWithPrivatePostgres('a server under several transactions', (server) => {
  let database: Database;

  beforeEach(async () => {
    const url = await server.createDatabase(`transactions_${++databases}`);
    database = await openDatabase({ service: 'test', url, directory: '', migrations, poolSize: 2 }, logger);
    await database.query.execute(sql`create table counters (name text primary key, value int not null)`);
    await database.query.execute(sql`insert into counters values ('a', 0), ('b', 0)`);
  });

  afterEach(() => database.stop());

  const values = async () => {
    const rows = await database.query
      .select({ value: sql<number>`value` })
      .from(sql`counters`)
      .orderBy(sql`name`);
    return rows.map(({ value }) => value);
  };

  /** Lets two transactions meet, the first time that each gets there. */
  function meeting(): () => Promise<void> {
    let here = 0;
    let open: () => void = () => undefined;
    const bothHere = new Promise<void>((resolve) => (open = resolve));
    return async () => {
      here += 1;
      if (here >= 2) open();
      await bothHere;
    };
  }

  it('runs one of two again that lock each other out, and both take effect', async () => {
    const meet = meeting();
    let runs = 0;
    const addTo = (names: readonly [string, string]) =>
      database.transaction(async (tx) => {
        runs += 1;
        await tx.execute(sql`update counters set value = value + 1 where name = ${names[0]}`);
        await meet();
        await tx.execute(sql`update counters set value = value + 1 where name = ${names[1]}`);
      });

    await Promise.all([addTo(['a', 'b']), addTo(['b', 'a'])]);

    expect(runs).toBeGreaterThan(2);
    expect(await values()).toEqual([2, 2]);
  });

  it('runs one of two again that cannot be put one behind the other, and both take effect', async () => {
    const meet = meeting();
    let runs = 0;
    const add = () =>
      database.transaction(async (tx) => {
        runs += 1;
        await tx.execute(sql`set transaction isolation level serializable`);
        const [row] = await tx
          .select({ value: sql<number>`value` })
          .from(sql`counters`)
          .where(sql`name = 'a'`);
        await meet();
        await tx.execute(sql`update counters set value = ${row!.value + 1} where name = 'a'`);
      });

    await Promise.all([add(), add()]);

    expect(runs).toBeGreaterThan(2);
    expect(await values()).toEqual([2, 0]);
  });

  it('keeps no connection of the pool that is lost while a transaction begins', async () => {
    const work = () => database.transaction((tx) => tx.execute(sql`select 1`));
    await Promise.all([work(), work()]); // so that both connections of the pool are there
    await server.freeze();
    const begun = [work(), work()].map((one) =>
      one.then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    await server.kill();
    for (const error of await Promise.all(begun)) expect(error).toBeInstanceOf(DatabaseUnavailableError);
    await server.start();

    await expect(Promise.all([work(), work(), work()])).resolves.toHaveLength(3);
  });
});

describeWithPrivatePostgres('four replicas on an empty server', (server) => {
  const parts = () => ({
    bus: createInProcessBus({ logger, bindings: [] }),
    gatewayKeys: createStaticKeySet([generateSigningKey().publicJwk]),
    logger,
  });
  const starts = {
    orders: (url: string) =>
      startOrdersService({
        ...parts(),
        settings: {
          ORDERS_PORT: 0,
          ORDERS_HOST: '127.0.0.1',
          ORDERS_DATABASE_URL: url,
          ORDERS_DATA_DIRECTORY: '',
          ORDERS_PENDING_SECONDS: 900,
        },
      }),
    products: (url: string) =>
      startProductsService({
        ...parts(),
        settings: {
          PRODUCTS_PORT: 0,
          PRODUCTS_HOST: '127.0.0.1',
          PRODUCTS_DATABASE_URL: url,
          PRODUCTS_DATA_DIRECTORY: '',
          PRODUCTS_SEED: true,
        },
      }),
    users: (url: string) =>
      startUsersService({
        ...parts(),
        settings: {
          USERS_PORT: 0,
          USERS_HOST: '127.0.0.1',
          USERS_DATABASE_URL: url,
          USERS_DATA_DIRECTORY: '',
          USERS_TOKEN_ISSUER: 'http://127.0.0.1:4001',
          USERS_TOKEN_AUDIENCE: 'trellis',
          USERS_KEY_ENCRYPTION_KEY: Buffer.alloc(32, 'k').toString('base64'),
          USERS_KEY_ROTATION_DAYS: 30,
          USERS_BCRYPT_COST: 4,
          USERS_BCRYPT_THREADS: 1,
          USERS_BCRYPT_QUEUE: 40,
        },
      }),
  };

  describe.each(['users', 'products', 'orders'] as const)('of %s', (service) => {
    it('migrate it once when they start at the same moment, and are all ready', async () => {
      const url = await server.createDatabase(service);
      const replicas = await Promise.all([1, 2, 3, 4].map(() => starts[service](url)));
      const client = new pg.Client({ connectionString: url });
      try {
        const ready = await Promise.all(replicas.map((replica) => fetch(`${replica.url}/health/ready`)));
        expect(ready.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
        await client.connect();
        const { rows } = await client.query<{ hash: string }>(
          'select hash from drizzle.__drizzle_migrations',
        );
        expect(rows.length).toBeGreaterThan(0);
        expect(new Set(rows.map(({ hash }) => hash)).size).toBe(rows.length);
      } finally {
        await client.end();
        await Promise.all(replicas.map((replica) => replica.stop()));
      }
    });
  });
});
