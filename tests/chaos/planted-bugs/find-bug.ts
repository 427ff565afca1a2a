import { rmSync } from 'node:fs';
import { createDistributedTarget } from '../driver/distributed-target.ts';
import { runRounds, type Problem, type RoundResult } from '../driver/run-rounds.ts';
import type { PlantedBug } from './bugs.ts';
import { copySource } from './copy-source.ts';

export interface FindOptions {
  readonly seed: string;
  readonly orders: number;
  /** Within how many rounds the bug has to be found. */
  readonly rounds: number;
  /** For installations; removed at the end. */
  readonly folder: string;
  readonly onRound: (result: RoundResult) => void;
}

/** What came of looking for a bug. */
export type Search =
  | {
      readonly kind: 'caught';
      readonly by: readonly string[];
      readonly example: Problem;
      readonly rounds: number;
    }
  | { readonly kind: 'missed' }
  /** The same without the bug is found faulty as well, so that finding it says nothing. */
  | { readonly kind: 'faulty without it'; readonly problems: readonly Problem[] };

/** Long enough for what waits for its third attempt, after half a minute: it is late then, and not lost. */
const restMs = 60_000;

/** Runs the chaos that is aimed at a bug: once without the bug, where nothing may be found, then with it until it is found. */
export async function findBug(bug: PlantedBug, options: FindOptions): Promise<Search> {
  const { seed, orders, rounds, folder, onRound } = options;
  const { name, possibleFaults, faultsPerRound, mix } = bug;
  async function run(source: string, roundsToRun: number): Promise<RoundResult[]> {
    try {
      return await runRounds({
        ...{
          seed: `${seed}/${name}`,
          firstRound: 1,
          rounds: roundsToRun,
          roundsPerInstallation: roundsToRun,
        },
        ...{ ordersPerRound: orders, concurrency: 24, restMs, folder, source, onRound },
        ...{ createTarget: createDistributedTarget, possibleFaults, faultsPerRound, mix },
      });
    } finally {
      remove(source);
      remove(folder);
    }
  }

  const control = await run(copySource('without', []), 1);
  const problems = control.flatMap((round) => round.problems);
  if (problems.length > 0) return { kind: 'faulty without it', problems };

  const results = await run(copySource(name, bug.edits), rounds);
  const found = results.flatMap((round) => round.problems);
  const expected = found.filter((problem) => (bug.breaks as readonly string[]).includes(problem.found));
  const [example] = expected;
  if (example === undefined) return { kind: 'missed' };
  return {
    kind: 'caught',
    by: [...new Set(expected.map((problem) => problem.found))],
    example,
    rounds: results.length,
  };
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
