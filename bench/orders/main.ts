/** `npm run bench:orders`: how fast orders are, from placing to confirmed. `docs/bench-orders.md` tells what is measured and how. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { describeEnvironment } from '../measurement/environment.ts';
import { endProcessesOnExit } from '../measurement/processes.ts';
import { parseOptions, usage, type Options } from './command-line.ts';
import { tablesOf } from './report/tables.ts';
import { runMode, type Figures } from './run.ts';

const progress = (line: string) => void process.stderr.write(`${line}\n`);

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) process.stdout.write(usage);
  else await main(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  // Not by `exitCode`: what was started before it failed would keep this process alive.
  process.exit(1);
}

async function main(options: Options): Promise<void> {
  if (process.platform !== 'linux') throw new Error('processes are measured through /proc: this needs Linux');
  endProcessesOnExit();
  if (options.cpuProfiles !== undefined) mkdirSync(options.cpuProfiles, { recursive: true });
  const environment = describeEnvironment(new Date());
  const all: Figures[] = [];
  for (const mode of options.modes) all.push(await runMode(mode, options, progress));
  const problems = all.flatMap((figures) => figures.problems);
  process.stdout.write(`\n${[tablesOf(all), ...problems].join('\n\n')}\n`);
  if (options.json !== undefined) {
    const { only, ...asked } = options;
    const run = { environment, options: { ...asked, only: [...only] }, figures: all };
    writeFileSync(options.json, `${JSON.stringify(run, null, 2)}\n`);
  }
  if (problems.length > 0) process.exitCode = 1;
}
