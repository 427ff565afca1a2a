import { rmSync } from 'node:fs';
import { createDistributedTarget } from '../driver/distributed-target.ts';
import { createEmbeddedTarget } from '../driver/embedded-target.ts';
import { runRounds, type Problem, type RoundResult } from '../driver/run-rounds.ts';
import type { PlantedBug } from './bugs.ts';
import { copySource } from './copy-source.ts';

export interface FindOptions {
  readonly seed: string;
  readonly orders: number;
  /** Within how many rounds the bug has to be found. */
  readonly rounds: number;
  /** Existing, and empty. */
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

const targets = { embedded: createEmbeddedTarget, distributed: createDistributedTarget };

/** Long enough for what waits for its third attempt, after half a minute: it is late then, and not lost. */
const restMs = 60_000;

/** Runs the chaos that is aimed at a bug: once without the bug, where nothing may be found, then with it until it is found. */
export async function findBug(bug: PlantedBug, options: FindOptions): Promise<Search> {
  const { seed, orders, rounds, folder, onRound } = options;
  const { name, mode, possibleFaults, faultsPerRound, mix } = bug;
  const run = (source: string, roundsToRun: number): Promise<RoundResult[]> =>
    runRounds({
      ...{ seed: `${seed}/${name}`, firstRound: 1, rounds: roundsToRun, roundsPerInstallation: roundsToRun },
      ...{ ordersPerRound: orders, concurrency: 24, restMs, folder, source, onRound },
      ...{ createTarget: targets[mode], possibleFaults, faultsPerRound, mix },
    });

  const control = await run(copySource('without', []), 1);
  const problems = control.flatMap((round) => round.problems);
  if (problems.length > 0) return { kind: 'faulty without it', problems };

  const results = await run(copySource(name, bug.edits), rounds);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
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
