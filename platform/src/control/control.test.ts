import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@trellis/database';
import { createLogger, type Stoppable } from '@trellis/lifecycle';
import { sql } from 'drizzle-orm';
import { createEmbeddedDatabase, type EmbeddedDatabase } from '../../../tests/support/embedded-database.ts';
import { startProcess } from '../../../tests/support/processes.ts';
import { createRecordingLogger } from '../../../tests/support/recording-logger.ts';
import { createTestDatabase, describeWithServices } from '../../../tests/support/services.ts';
import { waitFor } from '../../../tests/support/wait-for.ts';
import { openControl } from './control-client.ts';
import { startControl } from './control-server.ts';
import { readRows } from './read-only-sql.ts';

const migrations = new URL('../../../tests/support/outbox-migrations', import.meta.url).pathname;
const logger = createLogger('test', 'silent');
let parent: string;
let embedded: EmbeddedDatabase;
let database: Database;
let running: Stoppable[];

beforeAll(async () => {
  embedded = await createEmbeddedDatabase();
  database = await openDatabase({ service: 'test', directory: embedded.directory, migrations }, logger);
  await database.query.execute(sql`create table notes (id int primary key, at timestamptz, big bigint)`);
  await database.query.execute(sql`insert into notes values (1, 'epoch', 9007199254740993), (2, null, 7)`);
});

afterAll(async () => {
  await database.stop();
  await embedded.drop();
});

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'trellis-control-'));
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((part) => part.stop()));
  rmSync(parent, { recursive: true });
});

async function start(directory = parent, by = logger): Promise<Stoppable> {
  const databases = { users: database, products: database, orders: database };
  const control = await startControl({ directory, databases, logger: by });
  running.push(control);
  return control;
}

const notes = () => readRows(database, 'select id from notes');

describe('the control socket', () => {
  it('answers statements that read', async () => {
    await start();
    const control = await openControl(parent);

    const rows = await control.query('orders', 'select id, at, big from notes order by id -- all of them');

    expect(rows).toEqual([
      { id: 1, at: expect.stringContaining('1970-01-01'), big: '9007199254740993' },
      { id: 2, at: null, big: expect.anything() },
    ]);
  });

  it.each([
    'delete from notes',
    'with gone as (delete from notes returning id) select * from gone',
    'select 1; delete from notes',
    'select 1) as answer limit $1; commit; delete from notes; --',
    "select nextval('outbox_position_seq')",
  ])('refuses a statement that writes: %s', async (text) => {
    await start();
    const control = await openControl(parent);

    await expect(control.query('orders', text)).rejects.toMatchObject({
      name: 'ControlRefusedError',
      message: expect.stringMatching(/^the statement failed \(\w{5}\): /),
    });
    expect(await notes()).toHaveLength(2);
  });

  it('refuses a database that it does not have', async () => {
    await start();
    const control = await openControl(parent);

    await expect(control.query('secrets' as 'users', 'select 1')).rejects.toThrow(
      'has no POST /secrets/query',
    );
  });

  it('refuses an answer without an end, rather than giving a part of it', async () => {
    await start();
    const control = await openControl(parent);

    await expect(control.query('users', 'select generate_series(1, 50001)')).rejects.toThrow(
      'more than 50000 rows',
    );
    expect(await control.query('users', 'select generate_series(1, 50000)')).toHaveLength(50_000);
  });

  it('can be opened by its owner only', async () => {
    await start();

    expect(statSync(join(parent, 'control.sock')).mode & 0o777).toBe(0o600);
  });

  it('is gone when the platform has stopped, and says so', async () => {
    await (await start()).stop();

    await expect(openControl(parent)).rejects.toMatchObject({
      name: 'NothingRunsError',
      message: `nothing runs on ${parent}`,
    });
  });

  it('replaces the socket of a process that was killed', async () => {
    const path = join(parent, 'control.sock');
    const script = `require('net').createServer().listen(${JSON.stringify(path)})`;
    const killed = startProcess('--eval', {}, { args: [script] });
    await waitFor('the other socket', () => statSync(path, { throwIfNoEntry: false }) !== undefined);
    await killed.kill();
    await expect(openControl(parent)).rejects.toMatchObject({ name: 'NothingRunsError' });

    await start();

    await expect((await openControl(parent)).query('users', 'select 1 as one')).resolves.toEqual([
      { one: 1 },
    ]);
  });

  it('leaves the socket to a platform that lives', async () => {
    await start();

    await expect(start()).rejects.toMatchObject({ name: 'ControlTakenError' });
    await expect(openControl(parent)).resolves.toBeDefined();
  });

  it('is not there below a path that is too long: the platform runs, and whoever looks for it is told', async () => {
    const long = join(parent, 'x'.repeat(100));
    const { logger: recording, lines } = createRecordingLogger();

    await start(long, recording);

    expect(lines.map((line) => (JSON.parse(line) as { reason: string }).reason)).toEqual([
      expect.stringMatching(/^there can be no control socket at .*xx.control[.]sock: its path has \d+ bytes/),
    ]);
    await expect(openControl(long)).rejects.toMatchObject({ name: 'ControlUnsupportedError' });
  });
});

describeWithServices(['postgres'], 'reading a PostgreSQL database', () => {
  it('takes one statement, and none that writes', async () => {
    const { url, drop } = await createTestDatabase();
    const postgres = await openDatabase({ service: 'test', url, directory: 'none', migrations }, logger);
    try {
      await expect(readRows(postgres, 'select 1 as one -- a comment')).resolves.toEqual([{ one: 1 }]);
      for (const text of [
        'select 1) as answer; commit; truncate inbox; select * from (select 1',
        "select nextval('outbox_position_seq')",
      ]) {
        await expect(readRows(postgres, text)).rejects.toMatchObject({ name: 'StatementFailedError' });
      }
    } finally {
      await postgres.stop();
      await drop();
    }
  });
});
