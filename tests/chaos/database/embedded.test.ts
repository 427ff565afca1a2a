import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase, type Database } from '@trellis/database';
import { createLogger } from '@trellis/lifecycle';
import { sql } from 'drizzle-orm';
import { startProcess, type RunningProcess } from '../../support/processes.ts';
import { waitFor } from '../../support/wait-for.ts';

const migrations = fileURLToPath(new URL('../../support/outbox-migrations', import.meta.url));
const writer = 'tests/chaos/database/writer.ts';

describe('an embedded database', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'trellis-chaos-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const written = (running: RunningProcess): readonly string[] =>
    [...running.output().matchAll(/^wrote (\S+)$/gm)].map(([, id]) => id!);

  /** Expects everything that was acknowledged, and nothing half-written. */
  async function expectWhole(directory: string, acknowledged: readonly string[]): Promise<void> {
    const database = await openDatabase(
      { service: 'test', directory, migrations },
      createLogger('test', 'silent'),
    );
    try {
      const firsts = await idsOf(database, 'firsts');
      const seconds = await idsOf(database, 'seconds');
      expect(firsts).toEqual(seconds);
      expect(acknowledged.filter((id) => !firsts.has(id))).toEqual([]);
    } finally {
      await database.stop();
    }
  }

  async function idsOf(database: Database, table: string): Promise<ReadonlySet<string>> {
    const rows = await database.query
      .select({ id: sql<string>`id` })
      .from(sql`${sql.identifier(table)}`)
      .orderBy(sql`id`);
    return new Set(rows.map(({ id }) => id));
  }

  it('has every row that was committed, whole, however often its process is killed while it writes', async () => {
    const directory = join(home, 'data');
    const acknowledged: string[] = [];
    for (const _round of [1, 2, 3]) {
      const running = startProcess(writer, { DIRECTORY: directory });
      await waitFor('rows', () => written(running).length >= 20 || running.child.exitCode !== null, 30_000);
      await running.kill();
      expect(written(running).length).toBeGreaterThanOrEqual(20);
      acknowledged.push(...written(running));
    }

    await expectWhole(directory, acknowledged);
  });

  const itWithOwnDisk = mayMount() ? it : it.skip;
  if (!mayMount())
    process.stderr.write('skipped "an embedded database on a full disk": no right to mount one\n');

  itWithOwnDisk(
    'says that its disk is full, keeps nothing half-written, and works when there is room',
    async () => {
      const disk = join(home, 'disk');
      mkdirSync(disk);
      mount('size=96m', disk);
      let running: RunningProcess | undefined;
      try {
        running = startProcess(writer, { DIRECTORY: join(disk, 'data'), ROW_BYTES: '400000' });
        const full = running;
        await waitFor(
          'the disk to be full',
          () => /^failed .*/m.test(full.output()) || full.child.exitCode !== null,
          60_000,
        );
        expect(full.output()).toMatch(
          /^failed DatabaseUnavailableError: the disk of the database is full: .*No space left/m,
        );
        const before = written(full).length;
        mount('remount,size=256m', disk);
        full.child.kill('SIGUSR2');
        await waitFor('rows again', () => written(full).length >= before + 3, 30_000);
        await full.kill();

        await expectWhole(join(disk, 'data'), written(full));
      } finally {
        await running?.kill();
        execFileSync('umount', [disk]);
      }
    },
  );
});

function mayMount(): boolean {
  return process.platform === 'linux' && spawnSync('unshare', ['--mount', 'true']).status === 0;
}

function mount(options: string, at: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', at]);
}
