import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Runs a service in a process of its own. @param start what makes it: the body of an asynchronous function. */
function run(start: string) {
  const program = `
    import { runService } from './run-service.ts';
    await runService(async () => { ${start} });
    setInterval(() => {}, 60_000);
    console.log('runs');`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    cwd: here,
    env: { PATH: process.env['PATH'] },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += String(chunk)));
  const ended = once(child, 'close').then((end) => {
    const [code, signal] = end as [number | null, NodeJS.Signals | null];
    return { code, signal, printed };
  });
  return { child, ended, hasPrinted: once(child.stdout, 'data') };
}

describe('a service that runs', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('is stopped by %s, and ends with 0', async (signal) => {
    const { child, ended, hasPrinted } = run(`return { stop: async () => console.log('stopped') };`);
    await hasPrinted;

    child.kill(signal);

    expect(await ended).toEqual({ code: 0, signal: null, printed: 'runs\nstopped\n' });
  });

  it('ends with 1 and a sentence when it cannot start', async () => {
    const { ended } = run(`throw new Error('port 4000 is taken: stop what listens there');`);

    expect(await ended).toEqual({
      code: 1,
      signal: null,
      printed: 'port 4000 is taken: stop what listens there\n',
    });
  });

  it('ends with 1 and a sentence when it cannot stop', async () => {
    const { child, ended, hasPrinted } = run(
      `return { stop: () => Promise.reject(new Error('the lock cannot be released')) };`,
    );
    await hasPrinted;

    child.kill('SIGHUP');

    expect(await ended).toMatchObject({ code: 1, printed: 'runs\nthe lock cannot be released\n' });
  });
});
