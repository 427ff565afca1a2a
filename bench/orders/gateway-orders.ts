import type { Mode, Options } from './command-line.ts';
import { closedLoop, openLoop, type LoadResult } from './load/load.ts';
import { startDistributedPlatform } from './platforms/distributed-platform.ts';
import { startEmbeddedPlatform } from './platforms/embedded-platform.ts';
import type { ProcessOptions } from './platforms/platform.ts';
import { openShop } from './shop/shop.ts';

/** Orders through the gateway, each from `placeOrder` until its customer hears over the subscription that it is confirmed. */
export interface GatewayFigures {
  readonly oneInFlight: LoadResult;
  readonly manyInFlight: LoadResult;
  readonly atRate: LoadResult;
}

export async function measureGateway(
  mode: Mode,
  options: Options,
  processOptions: ProcessOptions,
): Promise<GatewayFigures> {
  const start = mode === 'embedded' ? startEmbeddedPlatform : startDistributedPlatform;
  const platform = await start(processOptions);
  try {
    const shop = await openShop(platform, options.inFlight);
    try {
      const workers = shop.customers.map((customer) => () => customer.order());
      return {
        oneInFlight: await closedLoop(workers.slice(0, 1), options),
        manyInFlight: await closedLoop(workers, options),
        atRate: await openLoop(workers, options.rate, options),
      };
    } finally {
      await shop.close();
    }
  } finally {
    await platform.remove();
  }
}
