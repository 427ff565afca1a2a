import { fileURLToPath } from 'node:url';
import type { Contender, HowToRun } from '../contenders/contender.ts';
import { stock } from '../contenders/stock.ts';
import { composeSupergraph } from '../data/compose.ts';
import { startAndAwait, type DataSet } from '../data-set.ts';
import { root } from '../folders.ts';
import { prepareAll, writeGraph } from '../graph.ts';
import { generateQuery, generateSubgraphs } from '../large-graph/generate.ts';
import { referenceAnswers } from '../measure.ts';
import { freePort } from '../../measurement/processes.ts';
import type { Replay } from '../replay/replay.ts';
import { subgraphUrls } from '../supergraph-urls.ts';
import { measureColdStart, type ColdStart } from './cold-start.ts';

/** What one contender needs for one graph before it is warm. */
export interface ColdResult {
  readonly graph: string;
  readonly contender: string;
  readonly title: string;
  readonly start?: ColdStart;
  /** Why it was not measured. */
  readonly problem?: string;
}

const largeGraphSize = 50;
const newOperations = 10;

/** Cold starts with a graph whose subgraphs the replay knows already. */
export async function runCold(
  graphName: string,
  dataSet: DataSet,
  contenders: readonly Contender[],
  replay: Replay,
  options: HowToRun & { readonly rounds: number },
  onProgress: (line: string) => void,
): Promise<readonly ColdResult[]> {
  const graph = writeGraph(`cold-${graphName.replaceAll(/\W+/g, '-')}`, dataSet, replay, options);
  const references = await referenceAnswers(await stock.prepare(graph), dataSet.operations);
  const { entrants, leftOut } = await prepareAll(contenders, graph);
  const results: ColdResult[] = [];
  for (const { name, title, prepared } of entrants) {
    const result = { graph: graphName, contender: name, title };
    try {
      const start = await measureColdStart(prepared, dataSet.operations, references, options.rounds);
      results.push({ ...result, start });
      onProgress(`cold, ${graphName}, ${name}: ready after ${start.readyMs.toFixed(0)} ms`);
    } catch (error) {
      results.push({ ...result, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  return [
    ...results,
    ...leftOut.map(({ contender, reason }) => ({
      graph: graphName,
      contender,
      title: contender,
      problem: reason,
    })),
  ];
}

/** Cold starts and new operations with the generated graph. */
export async function runLargeGraph(
  contenders: readonly Contender[],
  replay: Replay,
  options: HowToRun & { readonly rounds: number },
  onProgress: (line: string) => void,
): Promise<readonly ColdResult[]> {
  const port = await freePort();
  const supergraphSdl = composeSupergraph(
    generateSubgraphs(largeGraphSize).map(({ name, schema }) => ({
      name,
      schema,
      url: `http://127.0.0.1:${port}/${name}`,
    })),
  );
  const operations = Array.from({ length: newOperations + 1 }, (_, serial) =>
    generateQuery(largeGraphSize, serial),
  );
  const command = {
    file: process.execPath,
    args: ['--import', 'tsx', fileURLToPath(new URL('../large-graph/subgraphs.ts', import.meta.url))],
    cwd: root,
    env: { PORT: String(port), COUNT: String(largeGraphSize) },
  };
  const subgraphs = await startAndAwait(command, subgraphUrls(supergraphSdl));
  try {
    await replay.setUpstreams(subgraphs.urls);
    const name = `${largeGraphSize} subgraphs`;
    return await runCold(name, { supergraphSdl, operations }, contenders, replay, options, onProgress);
  } finally {
    await subgraphs.stop();
  }
}
