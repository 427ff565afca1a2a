import { setTimeout as pause } from 'node:timers/promises';
import { readProcessCost } from '../../measurement/process-cost.ts';
import type { Mode } from '../command-line.ts';
import type { ProcessOptions } from '../platforms/platform.ts';
import { startSaga, type Saga } from './saga.ts';

/** Resident memory of one process while the backlog was drained, in MB. */
export interface MemoryOverTime {
  readonly process: string;
  /** The highest of each quarter of the time, the first of them first. */
  readonly quarters: readonly number[];
}

export interface BacklogFigures {
  readonly orders: number;
  /** To place them while products is down. */
  readonly placingSeconds: number;
  /** From the start of products until all of them are confirmed. */
  readonly drainSeconds: number;
  readonly memory: readonly MemoryOverTime[];
}

const inFlight = 64;
const lookMs = 500;
/** Without any order confirmed for that long, it does not drain. */
const patienceMs = 60_000;

interface Look {
  readonly confirmed: number;
  readonly memory: Readonly<Record<string, number>>;
}

/** @throws Error when orders end otherwise than confirmed, or end no more. */
export async function measureBacklog(
  mode: Mode,
  orders: number,
  processOptions: ProcessOptions,
): Promise<BacklogFigures> {
  const saga = await startSaga(mode, processOptions);
  try {
    await saga.restartWithoutProducts();
    const { seconds: placingSeconds } = await saga.orders().call('place', { count: orders, inFlight });
    const begun = performance.now();
    await saga.startProducts();
    const looks = await untilConfirmed(saga, orders);
    return {
      orders,
      placingSeconds,
      drainSeconds: (performance.now() - begun) / 1_000,
      memory: Object.keys(saga.pids()).map((process) => ({
        process,
        quarters: quartersOf(looks.map(({ memory }) => memory[process] ?? 0)),
      })),
    };
  } finally {
    await saga.remove();
  }
}

async function untilConfirmed(saga: Saga, orders: number): Promise<readonly Look[]> {
  const looks: Look[] = [];
  let movedAt = performance.now();
  for (;;) {
    const {
      CONFIRMED: confirmed = 0,
      PENDING: pending = 0,
      ...ended
    } = await saga.orders().call('statuses', undefined);
    if (Object.keys(ended).length > 0) throw new Error(`orders ended otherwise: ${JSON.stringify(ended)}`);
    if (confirmed !== looks.at(-1)?.confirmed) movedAt = performance.now();
    looks.push({ confirmed, memory: residentMb(saga) });
    if (confirmed === orders) return looks;
    if (performance.now() - movedAt > patienceMs) throw new Error(`${pending} orders stay pending`);
    await pause(lookMs);
  }
}

function residentMb(saga: Saga): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(saga.pids()).map(([name, pid]) => [name, readProcessCost(pid).residentBytes / 1024 ** 2]),
  );
}

/** The highest of each quarter; of fewer values than four, some are in several. */
export function quartersOf(values: readonly number[]): number[] {
  return [0, 1, 2, 3].map((quarter) => {
    const from = Math.floor((quarter * values.length) / 4);
    const to = Math.max(from + 1, Math.floor(((quarter + 1) * values.length) / 4));
    return Math.max(...values.slice(from, to));
  });
}
