import { readProcessCost } from '../../measurement/process-cost.ts';
import type { Mode, Options } from '../command-line.ts';
import type { LoadResult } from '../load/load.ts';
import type { ProcessOptions } from '../platforms/platform.ts';
import { startSaga, type Saga } from './saga.ts';

/** Orders in the process of the saga, each from the call of its use case until its confirmation is committed. */
export interface SagaFigures {
  readonly oneInFlight: LoadResult;
  readonly manyInFlight: LoadResult;
  /** Processor time that the processes of the saga used for an order, servers not counted, with many in flight. */
  readonly cpuMsPerOrder: number;
}

/** More than through the gateway: here nothing but the saga makes an order wait. */
const inFlight = 128;

/** @throws Error when an order is anything but confirmed in the end. */
export async function measureSaga(
  mode: Mode,
  window: Options,
  processOptions: ProcessOptions,
): Promise<SagaFigures> {
  const saga = await startSaga(mode, processOptions);
  try {
    const { warmUpSeconds, seconds } = window;
    const measure = (count: number) =>
      saga.orders().call('measure', { inFlight: count, window: { warmUpSeconds, seconds } });
    const oneInFlight = await measure(1);
    const before = await spent(saga);
    const manyInFlight = await measure(inFlight);
    const after = await spent(saga);
    const { CONFIRMED: _, ...others } = await saga.orders().call('statuses', undefined);
    if (Object.keys(others).length > 0)
      throw new Error(`not every order is confirmed: ${JSON.stringify(others)}`);
    return {
      oneInFlight,
      manyInFlight,
      cpuMsPerOrder: (after.cpuMs - before.cpuMs) / (after.orders - before.orders),
    };
  } finally {
    await saga.remove();
  }
}

async function spent(saga: Saga): Promise<{ readonly orders: number; readonly cpuMs: number }> {
  const { CONFIRMED: orders = 0 } = await saga.orders().call('statuses', undefined);
  const costs = Object.values(saga.pids()).map((pid) => readProcessCost(pid).cpuMs);
  return { orders, cpuMs: costs.reduce((sum, cost) => sum + cost, 0) };
}
