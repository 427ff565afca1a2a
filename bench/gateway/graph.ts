import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender, Graph, HowToRun } from './contenders/contender.ts';
import type { DataSet } from './data-set.ts';
import { workFolder } from './folders.ts';
import type { Replay } from './replay/replay.ts';
import type { Entrant } from './rounds.ts';
import { withSubgraphUrls } from './supergraph-urls.ts';

/** Writes a data set down for the contenders, with its subgraphs at the replay. */
export function writeGraph(
  name: string,
  { supergraphSdl, operations }: DataSet,
  replay: Replay,
  howToRun: HowToRun,
): Graph {
  const folder = join(workFolder, name);
  mkdirSync(folder, { recursive: true });
  const supergraphFile = join(folder, 'supergraph.graphql');
  const replayed = withSubgraphUrls(supergraphSdl, (subgraph) => replay.urlOf(subgraph));
  writeFileSync(supergraphFile, replayed);
  return { folder, supergraphFile, supergraphSdl: replayed, operations, howToRun };
}

/** Why somebody does not take part. */
export interface LeftOut {
  readonly contender: string;
  readonly reason: string;
}

/** Makes the contenders ready for a graph; one that cannot be is left out with its reason. */
export async function prepareAll(
  contenders: readonly Contender[],
  graph: Graph,
): Promise<{ readonly entrants: readonly Entrant[]; readonly leftOut: readonly LeftOut[] }> {
  const entrants: Entrant[] = [];
  const leftOut: LeftOut[] = [];
  for (const contender of contenders) {
    try {
      const prepared = await contender.prepare(graph);
      entrants.push({ name: contender.name, title: contender.title, prepared });
    } catch (error) {
      leftOut.push({
        contender: contender.name,
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }
  return { entrants, leftOut };
}
