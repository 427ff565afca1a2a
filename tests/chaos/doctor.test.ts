import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { startProcess } from '../support/processes.ts';
import { invariants } from './invariants.ts';

/** Runs the doctor to its end. */
async function doctor(environment: Readonly<Record<string, string>>, ...args: string[]) {
  const running = startProcess('tools/doctor.ts', environment, { args });
  const code = await running.ended();
  return { code, printed: running.output() };
}

describe('the doctor', () => {
  it.each([
    [['--apart', 'soon'], '--apart must be a number of seconds'],
    [['--bogus'], "Unknown option '--bogus'"],
  ])('explains itself, and says by 2 that it was called wrongly: %s', async (args, complaint) => {
    const help = await doctor({}, '--help');
    const misused = await doctor({}, ...args);

    expect(help).toMatchObject({ code: 0, printed: expect.stringMatching(/^npm run doctor: /) });
    expect(misused).toMatchObject({ code: 2, printed: expect.stringContaining(help.printed) });
    expect(misused.printed.startsWith(complaint)).toBe(true);
  });

  it.each([
    [
      { TRELLIS_DATA_DIRECTORY: '/nowhere' },
      'TRELLIS_DATA_DIRECTORY: there is no database in /nowhere/orders; start the platform there once\n',
    ],
    [
      { ORDERS_DATABASE_URL: 'postgres://127.0.0.1:1/orders' },
      'ORDERS_DATABASE_URL: the database does not answer: connect ECONNREFUSED 127.0.0.1:1\n',
    ],
  ])('says which setting leads to what it cannot read: %s', async (environment, sentence) => {
    expect(await doctor(environment)).toEqual({ code: 2, printed: sentence });
  });

  it('has a guide that tells of every invariant', () => {
    const guide = readFileSync(new URL('../../docs/guides/doctor.md', import.meta.url), 'utf8');
    for (const { name, sentence, holds } of invariants) {
      const row = guide.split('\n').find((line) => line.includes(`\`${name}\``));
      expect(row).toContain(sentence);
      expect(row).toContain(`| ${holds}`);
    }
  });
});
