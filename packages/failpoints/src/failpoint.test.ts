import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** Passes failpoints in a process of its own. @returns how it ended, and what it had printed. */
function runPassing(armed: string | undefined, ...passed: readonly string[]) {
  const module = new URL('failpoint.ts', import.meta.url).href;
  const script = `
    const { failpoint } = await import('${module}');
    ${passed.map((call) => `failpoint(${call}); console.log(\`passed ${call}\`);`).join('\n')}`;
  const { PATH } = process.env;
  return spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    env: { PATH, ...(armed === undefined ? {} : { FAILPOINTS: armed }) },
    encoding: 'utf8',
  });
}

const confirmed = "'outbox.confirmed'";

describe('a failpoint', () => {
  it('does nothing while none is armed', () => {
    expect(runPassing(undefined, confirmed, confirmed)).toMatchObject({ status: 0, signal: null });
  });

  it('kills the process at the pass it is armed for', () => {
    const { signal, stdout } = runPassing('outbox.confirmed=kill@3', ...Array<string>(4).fill(confirmed));
    expect(signal).toBe('SIGKILL');
    expect(stdout).toBe(`passed ${confirmed}\n`.repeat(2));
  });

  it('leaves alone passes of others, and those that are about something else', () => {
    const handled = (type: string) => `'inbox.handled', '${type}'`;
    const { signal, stdout } = runPassing(
      'inbox.handled(cancelled)=kill',
      confirmed,
      handled('placed'),
      handled('cancelled'),
    );
    expect(signal).toBe('SIGKILL');
    expect(stdout).toBe(`passed ${confirmed}\npassed ${handled('placed')}\n`);
  });

  it('is armed by a file while the process runs', () => {
    const directory = mkdtempSync(join(tmpdir(), 'trellis-failpoints-'));
    const file = join(directory, 'armed');
    writeFileSync(file, '');
    const armIt = `'outbox.confirmed'); (await import('node:fs')).writeFileSync('${file}', 'outbox.confirmed=kill@2'`;
    const { signal, stdout } = runPassing(`@${file}`, confirmed, armIt, confirmed, confirmed);
    rmSync(directory, { recursive: true });
    expect(signal).toBe('SIGKILL');
    expect(stdout.match(/passed/g)).toHaveLength(3);
  });

  it.each([
    ['outbox.confirmd=kill', 'there is no failpoint "outbox.confirmd"'],
    ['outbox.confirmed=sleep', 'cannot read "outbox.confirmed=sleep"'],
  ])('refuses to be armed by mistake: %s', (armed, complaint) => {
    const { status, stderr } = runPassing(armed, confirmed);
    expect(status).toBe(1);
    expect(stderr).toContain(complaint);
  });
});
