import { describeFault } from './schedule.ts';
import type { RoundResult } from './run-rounds.ts';

/** A round in one line. */
export function describeRound(result: RoundResult): string {
  const { mode, round, acknowledged, statuses, faults, restMs, ms } = result;
  const ended = Object.entries(statuses)
    .filter(([, count]) => count !== 0)
    .map(([status, count]) => `${count} ${status.toLowerCase()}`);
  return [
    `round ${round} ${mode}`,
    `${acknowledged.orders} orders acknowledged (${ended.join(', ')})`,
    `${acknowledged.cancellations} cancellations`,
    `${acknowledged.stockChanges} stock changes`,
    faults.map(describeFault).join(', '),
    `at rest after ${restMs} ms`,
    `${(ms / 1_000).toFixed(1)} s`,
  ].join(' | ');
}

/** What a round found that must not be. */
export function describeProblems({ round, problems, folder }: RoundResult, seed: string): string {
  const shown = problems.slice(0, 20);
  return [
    `round ${round} of seed ${seed} found ${problems.length} problems:`,
    ...shown.map(({ found, sentence }) => `  ${found}: ${sentence}`),
    ...(problems.length > shown.length ? [`  and ${problems.length - shown.length} more`] : []),
    `The databases, logs and schedule (round.json) are kept in ${folder}.`,
  ].join('\n');
}

export interface Totals {
  readonly rounds: number;
  readonly orders: number;
  readonly cancellations: number;
  readonly stockChanges: number;
  /** By what happened to what: `kill orders`. */
  readonly faults: Readonly<Record<string, number>>;
  /** `kill -9` alone. */
  readonly kills: number;
  readonly problems: number;
  readonly slowestRestMs: number;
}

export function totalsOf(results: readonly RoundResult[]): Totals {
  const faults: Record<string, number> = {};
  for (const { kind, part } of results.flatMap((result) => result.faults)) {
    const name = `${kind} ${part}`;
    faults[name] = (faults[name] ?? 0) + 1;
  }
  const sum = (of: (result: RoundResult) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  return {
    rounds: results.length,
    orders: sum(({ acknowledged }) => acknowledged.orders),
    cancellations: sum(({ acknowledged }) => acknowledged.cancellations),
    stockChanges: sum(({ acknowledged }) => acknowledged.stockChanges),
    faults,
    kills: sum((result) => result.faults.filter(({ kind }) => kind === 'kill').length),
    problems: sum(({ problems }) => problems.length),
    slowestRestMs: Math.max(0, ...results.map(({ restMs }) => restMs)),
  };
}

/** All rounds in a few lines. */
export function describeTotals(totals: Totals, mode: string, seconds: number): string {
  const faults = Object.entries(totals.faults)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `${count} ${name}`);
  return [
    `${mode}: ${totals.rounds} rounds, ${totals.orders} orders, ${totals.cancellations} cancellations, ${totals.stockChanges} stock changes in ${seconds.toFixed(0)} s`,
    `  faults: ${faults.join(', ')}`,
    `  at rest after ${totals.slowestRestMs} ms at the most; problems: ${totals.problems}`,
  ].join('\n');
}
