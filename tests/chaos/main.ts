import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createDistributedTarget } from './driver/distributed-target.ts';
import { createEmbeddedTarget } from './driver/embedded-target.ts';
import { closeConnections } from './driver/graphql-request.ts';
import { describeProblems, describeRound, describeTotals, totalsOf } from './driver/report.ts';
import { runRounds, type RoundResult } from './driver/run-rounds.ts';
import type { Mode } from './driver/target.ts';

/** `npm run chaos`: places orders, cancels them and changes stock while processes are killed, and looks whether anything was lost or done twice. */

const usage = `npm run chaos -- [--rounds N] [--seed S] [--embedded | --distributed] [--orders N] [--first-round N] [--json FILE]
  --rounds       how many rounds, of each mode that is run (10)
  --seed         from which every action and every fault is drawn; a new one without it
  --embedded     the whole platform in one process; both modes without either
  --distributed  processes on a PostgreSQL and a RabbitMQ that are started for it
  --orders       how many orders each round places (500)
  --first-round  begins with this round of the seed (1)
  --json         writes every round to a file`;

const root = fileURLToPath(new URL('../..', import.meta.url));
const targets = { embedded: createEmbeddedTarget, distributed: createDistributedTarget };

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
    embedded: { type: 'boolean', default: false },
    distributed: { type: 'boolean', default: false },
    orders: { type: 'string', default: '500' },
    'first-round': { type: 'string', default: '1' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const { seed } = values;
const modes: Mode[] = (['embedded', 'distributed'] as const).filter(
  (mode) => values[mode] || values.embedded === values.distributed,
);
const folder = mkdtempSync(join(tmpdir(), 'trellis-chaos-'));
chmodSync(folder, 0o711); // PostgreSQL, which runs as somebody else, has to get through
const results: RoundResult[] = [];
let isKept = true;
process.on('exit', () => {
  if (!isKept) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    isKept = false;
    process.exit(130);
  });
}
tell(`seed ${seed}`);
for (const mode of modes) {
  const began = Date.now();
  const ofMode = await runRounds({
    seed: `${seed}/${mode}`,
    rounds: wholeNumber('rounds'),
    firstRound: wholeNumber('first-round'),
    ordersPerRound: wholeNumber('orders'),
    createTarget: targets[mode],
    folder: join(folder, mode),
    source: root,
    roundsPerInstallation: 20,
    restMs: 120_000,
    concurrency: 24,
    onRound(result) {
      tell(describeRound(result));
      if (result.problems.length > 0) tell(describeProblems(result, seed));
    },
  });
  results.push(...ofMode);
  tell(describeTotals(totalsOf(ofMode), mode, (Date.now() - began) / 1_000));
}
await closeConnections();
const found = totalsOf(results).problems;
if (values.json !== undefined)
  writeFileSync(
    values.json,
    `${JSON.stringify({ seed, totals: totalsOf(results), rounds: results }, undefined, 2)}\n`,
  );
isKept = found > 0;
if (isKept)
  tell(
    `Once more: npm run chaos -- --seed ${seed} ...; the schedule is the same, how it interleaves is not.`,
  );
process.exit(found === 0 ? 0 : 1);

function wholeNumber(name: 'rounds' | 'orders' | 'first-round'): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 1) return value;
  process.stderr.write(`--${name} must be a whole number from 1 on.\n${usage}\n`);
  process.exit(2);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
