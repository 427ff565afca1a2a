import { setTimeout as pause } from 'node:timers/promises';
import { percentile } from '../../measurement/statistics.ts';

/** How long load is put on, and how long before anything counts. */
export interface Window {
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** What came of a load. Times in milliseconds. */
export interface LoadResult {
  /** Ended while it counted. */
  readonly ended: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** What is done again and again. It rejects when it fails, which ends the measurement. */
export type Work = () => Promise<unknown>;

/**
 * A closed loop: each worker begins again when it is done, so there are as many under way as there are workers.
 * What is counted ended within the window.
 */
export async function closedLoop(workers: readonly Work[], window: Window): Promise<LoadResult> {
  const from = performance.now() + window.warmUpSeconds * 1_000;
  const until = from + window.seconds * 1_000;
  const times: number[] = [];
  await Promise.all(
    workers.map(async (work) => {
      for (let begun = performance.now(); begun < until;) {
        await work();
        const ended = performance.now();
        if (ended >= from && ended < until) times.push(ended - begun);
        begun = ended;
      }
    }),
  );
  return summary(times, window.seconds);
}

/**
 * An open loop: work begins at a steady rate, whatever became of the work before. A time counts from the moment when the work was to
 * begin, so that a system which makes its clients wait cannot hide it by being asked less (coordinated omission).
 * What is counted was to begin within the window; the loop ends when all of it has ended.
 */
export async function openLoop(
  workers: readonly Work[],
  rate: number,
  { warmUpSeconds, seconds }: Window,
): Promise<LoadResult> {
  const start = performance.now();
  const counted = Math.round(warmUpSeconds * rate);
  const total = counted + Math.round(seconds * rate);
  const times: number[] = [];
  const underWay: Promise<void>[] = [];
  for (let index = 0; index < total; index++) {
    const due = start + (index * 1_000) / rate;
    const early = due - performance.now();
    if (early > 0) await pause(early);
    const work = workers[index % workers.length]!;
    const one = work().then(() => {
      if (index >= counted) times.push(performance.now() - due);
    });
    one.catch(() => undefined); // it is reported below, and until then nobody waits for it
    underWay.push(one);
  }
  await Promise.all(underWay);
  return summary(times, seconds);
}

/** @throws Error when there is no time: nothing ended. */
export function summary(times: readonly number[], seconds: number): LoadResult {
  if (times.length === 0) throw new Error('nothing ended while it was measured');
  const sorted = Float64Array.from(times).sort();
  return {
    ended: sorted.length,
    perSecond: sorted.length / seconds,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    maxMs: sorted.at(-1)!,
  };
}
