import type { Mode, Options } from '../command-line.ts';
import type { LoadResult } from '../load/load.ts';
import type { ProcessOptions } from '../platforms/platform.ts';
import { startSaga } from './saga.ts';

/** Orders in the process of the saga, each from the call of its use case until its confirmation is committed. */
export interface SagaFigures {
  readonly oneInFlight: LoadResult;
  readonly manyInFlight: LoadResult;
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
    const figures = { oneInFlight: await measure(1), manyInFlight: await measure(inFlight) };
    const { CONFIRMED: _, ...others } = await saga.orders().call('statuses', undefined);
    if (Object.keys(others).length > 0)
      throw new Error(`not every order is confirmed: ${JSON.stringify(others)}`);
    return figures;
  } finally {
    await saga.remove();
  }
}
