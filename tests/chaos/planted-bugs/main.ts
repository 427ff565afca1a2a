import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { closeConnections } from '../driver/graphql-request.ts';
import { describeRound } from '../driver/report.ts';
import { plantedBugs } from './bugs.ts';
import { findBug, type Search } from './find-bug.ts';

/** `npm run chaos:planted-bugs`: plants one bug after another in a copy of the source, and looks whether the chaos finds it. */

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
    /** One bug by its name; all without it. */
    only: { type: 'string' },
  },
});
const { seed } = values;
const bugs = plantedBugs.filter(({ name }) => values.only === undefined || values.only === name);
if (bugs.length === 0) {
  const names = plantedBugs.map(({ name }) => name).join(', ');
  process.stderr.write(`there is no bug ${values.only}; there are ${names}\n`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));

tell(`seed ${seed}`);
let missed = 0;
for (const bug of bugs) {
  tell(`${bug.name}: ${bug.sentence}`);
  const folder = mkdtempSync(join(tmpdir(), 'trellis-planted-bug-'));
  chmodSync(folder, 0o711); // PostgreSQL, which runs as somebody else, has to get through
  const search = await findBug(bug, {
    ...{ seed, folder, orders: 200, rounds: 5 },
    onRound: (result) => tell(`  ${describeRound(result)}`),
  });
  if (search.kind !== 'caught') missed += 1;
  tell(`  ${describeSearch(search)}`);
}
await closeConnections();
tell(`${bugs.length - missed} of ${bugs.length} planted bugs were caught`);
process.exit(missed === 0 ? 0 : 1);

function describeSearch(search: Search): string {
  switch (search.kind) {
    case 'caught':
      return `caught in round ${search.rounds} by ${search.by.join(', ')}: ${search.example.sentence}`;
    case 'missed':
      return 'NOT CAUGHT';
    case 'faulty without it':
      return `NOT CAUGHT: without the bug too, ${search.problems.map(({ found, sentence }) => `${found}: ${sentence}`).join('; ')}`;
  }
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
