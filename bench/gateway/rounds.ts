import type { Contender, Prepared } from './contenders/contender.ts';
import type { Operation } from './data-set.ts';
import { measure, type Conditions, type Sample } from './measure.ts';
import type { Replay } from './replay/replay.ts';
import { median } from '../measurement/statistics.ts';

/** A contender that takes part. */
export interface Entrant extends Pick<Contender, 'name' | 'title'> {
  readonly prepared: Prepared;
}

/** What a contender did with a query over all rounds. */
export interface Result {
  readonly contender: string;
  readonly title: string;
  readonly operation: string;
  /** One for each round. */
  readonly samples: readonly Sample[];
  /** The median of each figure by itself; absent when there is a problem. */
  readonly median?: Sample;
  /** Why it was not measured, or not to the end. */
  readonly problem?: string;
}

/**
 * Measures every contender with every query, each time in a fresh process. Contenders take turns within a round and rounds begin with
 * another one each time, so that what else the machine does meets them all.
 */
export async function runRounds(
  entrants: readonly Entrant[],
  operations: readonly Operation[],
  references: ReadonlyMap<string, string>,
  replay: Replay,
  conditions: Conditions & { readonly rounds: number },
  onProgress: (line: string) => void,
): Promise<readonly Result[]> {
  const races = operations.flatMap((operation) =>
    entrants.map((entrant) => ({ entrant, operation, samples: [] as Sample[], problem: '' })),
  );
  for (let round = 0; round < conditions.rounds; round += 1) {
    for (const operation of operations) {
      const turns = races.filter((race) => race.operation === operation);
      for (const race of [...turns.slice(round % turns.length), ...turns.slice(0, round % turns.length)]) {
        if (race.problem !== '') continue;
        const { entrant } = race;
        const where = `round ${round + 1} of ${conditions.rounds}, ${operation.name}, ${entrant.name}`;
        try {
          const reference = references.get(operation.name)!;
          const sample = await measure(entrant.prepared, operation, reference, replay, conditions);
          race.samples.push(sample);
          onProgress(`${where}: ${sample.requestsPerSecond.toFixed(0)} requests/s`);
        } catch (error) {
          race.problem = error instanceof Error ? error.message : String(error);
          onProgress(`${where}: ${race.problem}`);
        }
      }
    }
  }
  return races.map(({ entrant, operation, samples, problem }) => ({
    contender: entrant.name,
    title: entrant.title,
    operation: operation.name,
    samples,
    ...(problem === '' ? { median: medianSample(samples) } : { problem }),
  }));
}

/** The median of each figure by itself. */
function medianSample(samples: readonly Sample[]): Sample {
  const middle = (figure: (sample: Sample) => number) => median(samples.map(figure));
  return {
    requestsPerSecond: middle((sample) => sample.requestsPerSecond),
    p50Ms: middle((sample) => sample.p50Ms),
    p99Ms: middle((sample) => sample.p99Ms),
    cpuMsPerRequest: middle((sample) => sample.cpuMsPerRequest),
    residentMb: middle((sample) => sample.residentMb),
    subgraphRequests: middle((sample) => sample.subgraphRequests),
    sameBytes: samples.every((sample) => sample.sameBytes),
  };
}
