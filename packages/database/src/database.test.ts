import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@trellis/lifecycle';
import { sql } from 'drizzle-orm';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { describeOnEveryDatabase } from '../../../tests/support/databases.ts';
import { freePorts } from '../../../tests/support/processes.ts';
import { createTestDatabase, describeWithServices } from '../../../tests/support/services.ts';
import { createRecordingLogger } from '../../../tests/support/recording-logger.ts';
import { waitFor } from '../../../tests/support/wait-for.ts';
import {
  DatabaseUnavailableError,
  openDatabase,
  sqlState,
  StatementFailedError,
  violatesUnique,
} from './index.ts';

const counters = pgTable('counters', { name: text(), value: integer() });
const migrations = new URL('../../../tests/support/outbox-migrations', import.meta.url).pathname;
const logger = createLogger('test', 'silent');

describeOnEveryDatabase('a database', migrations, (subject) => {
  beforeAll(async () => {
    await subject.database.query.execute(
      sql`create table counters (name text constraint counters_name primary key, value int)`,
    );
  });
  beforeEach(async () => {
    await subject.database.query.execute(sql`truncate counters`);
  });
  const count = async (): Promise<number> => subject.database.query.$count(sql`counters`);

  it('commits all of a transaction or nothing', async () => {
    const failing = subject.database.transaction(async (tx) => {
      await tx.execute(sql`insert into counters values ('a', 1)`);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await count()).toBe(0);

    await subject.database.transaction((tx) => tx.execute(sql`insert into counters values ('a', 1)`));
    expect(await count()).toBe(1);
  });

  it('takes a transaction back whose result says so, and returns the result', async () => {
    const refused = await subject.database.transaction(
      async (tx) => {
        await tx.execute(sql`insert into counters values ('a', 1)`);
        return { ok: false };
      },
      ({ ok }) => ok,
    );
    expect(refused).toEqual({ ok: false });
    expect(await count()).toBe(0);
  });

  it('says which statement failed and why, and keeps its values to itself', async () => {
    const { database } = subject;
    const insert = () => database.query.insert(counters).values({ name: 'ada@trellis.example', value: 1 });
    await insert();
    const errors: unknown[] = [
      await insert().catch((reason: unknown) => reason),
      await database.query
        .execute(sql`select ${'ada@trellis.example'}::int`)
        .catch((reason: unknown) => reason),
      await database
        .transaction((tx) => tx.execute(sql`select ${'ada@trellis.example'}::int`))
        .catch((reason: unknown) => reason),
    ];
    const recorded = createRecordingLogger();
    for (const error of errors) recorded.logger.error({ err: error }, 'failed');

    expect(errors).toEqual(errors.map(() => expect.any(StatementFailedError)));
    expect(errors.map(sqlState)).toEqual(['23505', '22P02', '22P02']);
    expect(recorded.lines[0]).toContain('insert into \\"counters\\"');
    expect(recorded.lines.join('')).not.toContain('ada@');
  });

  it('tells which unique constraint a row violates', async () => {
    const insert = () => subject.database.query.execute(sql`insert into counters values ('a', 1)`);
    await insert();
    const error: unknown = await insert().catch((reason: unknown) => reason);
    expect(sqlState(error)).toBe('23505');
    expect(violatesUnique(error, 'counters_name')).toBe(true);
    expect(violatesUnique(error, 'another')).toBe(false);
  });

  it('delivers a notification when its transaction commits, and not when it does not', async () => {
    const heard: (string | null)[] = [];
    const listening = await subject.database.listen('news', (payload) => heard.push(payload));
    await subject.database
      .transaction(async (tx) => {
        await tx.execute(sql`select pg_notify('news', 'rolled back')`);
        throw new Error('no');
      })
      .catch(() => undefined);
    await subject.database.transaction((tx) => tx.execute(sql`select pg_notify('news', 'committed')`));
    await waitFor('the notification', () => heard.length > 0);
    await listening.stop();
    expect(heard).toEqual(['committed']);
  });

  it('runs a transaction again that lost to another one', async () => {
    let runs = 0;
    await subject.database.transaction(async (tx) => {
      runs++;
      await tx.execute(sql`insert into counters values ('a', 1)`);
      if (runs === 1) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    });
    expect(runs).toBe(2);
    expect(await count()).toBe(1);
  });
});

describe('an embedded database', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'trellis-pglite-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const open = (directory: string) => openDatabase({ service: 'test', directory, migrations }, logger);

  it('keeps its rows when it is closed and opened again, and refuses to be opened twice', async () => {
    const first = await open(join(home, 'data'));
    await first.query.execute(sql`create table kept as select 1 as one`);
    await expect(open(join(home, 'data'))).rejects.toThrow('is in use by this process');
    await first.stop();

    const second = await open(join(home, 'data'));
    expect(await second.query.$count(sql`kept`)).toBe(1);
    await second.stop();
  });

  it('refuses a directory that holds other files, and leaves them alone', async () => {
    mkdirSync(join(home, 'data'));
    writeFileSync(join(home, 'data', 'letter.txt'), 'dear');
    await expect(open(join(home, 'data'))).rejects.toThrow('holds other files');
  });

  it('begins again where a first start was killed half way', async () => {
    mkdirSync(join(home, 'data'));
    writeFileSync(join(home, 'data', 'PG_VERSION'), '');
    writeFileSync(join(home, 'data.filling'), '');
    const database = await open(join(home, 'data'));
    await expect(database.ping()).resolves.toBeUndefined();
    await database.stop();
  });
});

describeWithServices(['postgres'], 'a PostgreSQL database', () => {
  it('is migrated once when four replicas start at the same moment', async () => {
    const place = await createTestDatabase();
    const options = { service: 'test', url: place.url, directory: '', migrations };
    const replicas = await Promise.all([1, 2, 3, 4].map(() => openDatabase(options, logger)));
    const applied = await replicas[0]!.query.$count(sql`drizzle.__drizzle_migrations`);
    await Promise.all(replicas.map((replica) => replica.stop()));
    await place.drop();
    expect(applied).toBe(readdirSync(migrations).filter((name) => name.endsWith('.sql')).length);
  });

  it('keeps nothing of a transaction whose connection was lost, says so, and works on', async () => {
    const place = await createTestDatabase();
    const database = await openDatabase(
      { service: 'test', url: place.url, directory: '', migrations },
      logger,
    );
    await database.query.execute(sql`create table halves (name text)`);
    const cut = database.transaction(async (tx) => {
      await tx.execute(sql`insert into halves values ('first')`);
      await database.query.execute(
        sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
      );
      await tx.execute(sql`insert into halves values ('second')`);
    });
    await expect(cut).rejects.toThrow(DatabaseUnavailableError);
    expect(await database.query.$count(sql`halves`)).toBe(0);
    await database.stop();
    await place.drop();
  });

  it('is unavailable to whoever waits in vain for a connection', async () => {
    const place = await createTestDatabase();
    const database = await openDatabase(
      { service: 'test', url: place.url, directory: '', migrations, poolSize: 1, connectTimeoutMs: 200 },
      logger,
    );
    await database.transaction(async () => {
      const inVain = [
        database.query.execute(sql`select 1`),
        database.transaction((tx) => tx.execute(sql`select 1`)),
      ];
      for (const outcome of await Promise.allSettled(inVain)) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(DatabaseUnavailableError) });
      }
    });
    await database.stop();
    await place.drop();
  });

  it('is unavailable at the start when nothing listens, and says why', async () => {
    const [port] = await freePorts(1);
    const url = `postgres://nobody:secret@localhost:${port}/none`;
    const opening = openDatabase({ service: 'test', url, directory: '', migrations }, logger);
    await expect(opening).rejects.toThrow(DatabaseUnavailableError);
    await expect(opening).rejects.toThrow(/^the database does not answer: .*ECONNREFUSED/);
  });

  it('is unavailable at the start when there is no such database', async () => {
    const place = await createTestDatabase();
    await place.drop();
    const opening = openDatabase({ service: 'test', url: place.url, directory: '', migrations }, logger);
    await expect(opening).rejects.toThrow(DatabaseUnavailableError);
    await expect(opening).rejects.toThrow('does not exist');
  });

  it('tells of an idle connection that was lost without telling how it is reached', async () => {
    const place = await createTestDatabase();
    const recorded = createRecordingLogger();
    const database = await openDatabase(
      { service: 'test', url: place.url, directory: '', migrations },
      recorded.logger,
    );
    await database.ping();
    const admin = new pg.Client({ connectionString: place.url });
    await admin.connect();
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = 'select 1'`,
    );
    await waitFor('the warning', () =>
      recorded.lines.some((line) => line.includes('idle database connection')),
    );
    await admin.end();
    await database.stop();
    await place.drop();

    const warning = recorded.lines.find((line) => line.includes('idle database connection'))!;
    expect(Object.keys(JSON.parse(warning) as object).toSorted()).toEqual([
      'hostname',
      'level',
      'msg',
      'pid',
      'reason',
      'time',
    ]);
  });

  it('tells its listeners to look for themselves after their connection was lost', async () => {
    const place = await createTestDatabase();
    const database = await openDatabase(
      { service: 'test', url: place.url, directory: '', migrations },
      logger,
    );
    const heard: (string | null)[] = [];
    await database.listen('news', (payload) => heard.push(payload));

    const admin = new pg.Client({ connectionString: place.url });
    await admin.connect();
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%'`);
    await waitFor('word of the loss', () => heard.includes(null));
    await admin.query(`select pg_notify('news', 'after')`);
    await waitFor('news after the loss', () => heard.includes('after'));

    await admin.end();
    await database.stop();
    await place.drop();
  });

  it('opens one connection for all listeners, also when another one comes while it is away', async () => {
    const place = await createTestDatabase();
    const recorded = createRecordingLogger();
    const database = await openDatabase(
      { service: 'test', url: place.url, directory: '', migrations },
      recorded.logger,
    );
    const heard: (string | null)[] = [];
    await database.listen('news', (payload) => heard.push(payload));

    await database.query.execute(
      sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen %'`,
    );
    await waitFor('word of the loss', () => recorded.lines.some((line) => line.includes('was lost')));
    await database.listen('more news', () => undefined);
    await waitFor('the first listener to be told', () => heard.includes(null));

    const listening = sql`pg_stat_activity where datname = current_database() and query ilike 'listen %'`;
    expect(await database.query.$count(listening)).toBe(1);
    await database.stop();
    await place.drop();
  });
});
