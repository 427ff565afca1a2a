/** `npm run bench:gateway`: gateways side by side on this machine. `docs/bench.md` tells what is measured and how. */
import { writeFileSync } from 'node:fs';
import { coldTables } from './cold/cold-tables.ts';
import { runCold, runLargeGraph, type ColdResult } from './cold/run-cold.ts';
import { chosen, parseOptions, usage, type Options } from './command-line.ts';
import { contenders } from './contenders/contenders.ts';
import { stock } from './contenders/stock.ts';
import { readDataSet, startSubgraphs, type DataSet } from './data-set.ts';
import { prepareAll, writeGraph, type LeftOut } from './graph.ts';
import { referenceAnswers } from './measure.ts';
import { endProcessesOnExit } from '../measurement/processes.ts';
import { startReplay, type Replay } from './replay/replay.ts';
import { drawChart } from './report/chart.ts';
import { describeEnvironment, type Environment } from '../measurement/environment.ts';
import { loadTables } from './report/load-table.ts';
import { runRounds, type Result } from './rounds.ts';

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
  const environment = describeEnvironment(new Date());
  const dataSet = readDataSet(options.data);
  const asked = { ...dataSet, operations: chosen(dataSet.operations, options.queries) };
  const subgraphs = await startSubgraphs(options.data, dataSet, options.subgraphs);
  const replay = await startReplay();
  try {
    await replay.setUpstreams(subgraphs.urls);
    const load = await underLoad(asked, replay, options);
    const cold = options.cold ? await fromCold(asked, replay, options) : [];
    report({ environment, options, ...load, cold });
  } finally {
    await replay.stop();
    await subgraphs.stop();
  }
}

interface Load {
  readonly versions: Readonly<Record<string, string>>;
  readonly leftOut: readonly LeftOut[];
  readonly results: readonly Result[];
}

async function underLoad(dataSet: DataSet, replay: Replay, options: Options): Promise<Load> {
  const graph = writeGraph('load', dataSet, replay, options);
  const references = await referenceAnswers(await stock.prepare(graph), dataSet.operations);
  const { entrants, leftOut } = await prepareAll(chosen(contenders, options.only), graph);
  for (const { contender, reason } of leftOut) progress(`${contender} is left out: ${reason}`);
  const versions = Object.fromEntries(entrants.map(({ name, prepared }) => [name, prepared.version]));
  const results =
    options.rounds === 0
      ? []
      : await runRounds(entrants, dataSet.operations, references, replay, options, progress);
  return { versions, leftOut, results };
}

/** The largest query that was asked for, then the generated graph. */
async function fromCold(dataSet: DataSet, replay: Replay, options: Options): Promise<readonly ColdResult[]> {
  const last = dataSet.operations.at(-1)!;
  const cold = { ...options, rounds: Math.max(1, options.rounds) };
  const entrants = chosen(contenders, options.only);
  const own = { ...dataSet, operations: [last] };
  return [
    ...(await runCold(`${last.name} from cold`, own, entrants, replay, cold, progress)),
    ...(await runLargeGraph(entrants, replay, cold, progress)),
  ];
}

/** All that the JSON holds. */
interface Run extends Load {
  readonly environment: Environment;
  readonly options: Options;
  readonly cold: readonly ColdResult[];
}

function report(run: Run): void {
  const { options, results, cold, leftOut, versions } = run;
  const lines = [
    ...(results.length > 0 ? [loadTables(results)] : []),
    ...(cold.length > 0 ? [coldTables(cold)] : []),
    Object.entries(versions)
      .map(([name, version]) => `${name}: ${version}`)
      .join('\n'),
    ...leftOut.map(({ contender, reason }) => `${contender} is left out: ${reason}`),
  ];
  process.stdout.write(`\n${lines.join('\n\n')}\n`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(run, null, 2)}\n`);
  if (options.svg !== undefined && results.length > 0) {
    const footnote = `Medians of rounds: ${options.rounds}; ${options.connections} connections; Node ${process.version}; longer is better.`;
    writeFileSync(options.svg, drawChart(results, footnote));
  }
  const problems = [...results, ...cold].some(({ problem }) => problem !== undefined);
  if (problems || leftOut.length > 0) process.exitCode = 1;
}
