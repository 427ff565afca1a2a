import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mode } from '../command-line.ts';
import { startPart, type Part } from '../part.ts';
import type { ProcessOptions } from '../platforms/platform.ts';
import { openCorner, servers } from '../servers.ts';
import type { Place } from './place.ts';
import type { SagaFunctions } from './saga-part.ts';

const file = new URL('saga-part.ts', import.meta.url);

/** The saga alone: one process where it is embedded; one for orders and one for products where it is distributed. */
export interface Saga {
  orders(): Part<SagaFunctions>;
  /** By the names of what runs in them. */
  pids(): Readonly<Record<string, number>>;
  /** Starts all of it anew, on the same data, but for products. */
  restartWithoutProducts(): Promise<void>;
  startProducts(): Promise<void>;
  remove(): Promise<void>;
}

/** Starts the saga with products that are in stock and known to orders. */
export async function startSaga(mode: Mode, { nodeOptions }: ProcessOptions): Promise<Saga> {
  const corner = mode === 'distributed' ? openCorner() : undefined;
  const directory = mkdtempSync(join(tmpdir(), 'trellis-bench-'));
  const makePlace = async (name: string): Promise<Place> => ({
    url: await corner?.createDatabase(),
    directory: join(directory, name),
  });
  const broker = corner === undefined ? undefined : { url: servers.rabbitmq, prefix: corner.prefix };
  let orders: Part<SagaFunctions> | undefined;
  let products: Part<SagaFunctions> | undefined;
  let productIds: readonly string[] = [];

  const start = async (): Promise<Part<SagaFunctions>> => {
    const part = startPart<SagaFunctions>(file, nodeOptions);
    await part.call('open', { broker });
    return part;
  };
  const stop = async (): Promise<void> => {
    await Promise.all([orders?.stop(), products === orders ? undefined : products?.stop()]);
    orders = products = undefined;
  };
  const remove = async (): Promise<void> => {
    await stop();
    await corner?.remove();
    rmSync(directory, { recursive: true, force: true });
  };
  const theOrders = (): Part<SagaFunctions> => {
    if (orders === undefined) throw new Error('the saga is not running');
    return orders;
  };

  try {
    const places = { orders: await makePlace('orders'), products: await makePlace('products') };
    const startOrders = async () => {
      orders = await start();
      await orders.call('openOrders', places.orders);
    };
    const startProducts = async () => {
      products = broker === undefined ? theOrders() : await start();
      await products.call('openProducts', places.products);
    };
    await startOrders();
    await startProducts();
    productIds = await products!.call('addProducts', undefined);
    await theOrders().call('knowProducts', productIds);
    return {
      orders: theOrders,
      pids: () =>
        products === undefined || products === orders
          ? { [products === undefined ? 'orders' : 'saga']: theOrders().pid }
          : { orders: theOrders().pid, products: products.pid },
      async restartWithoutProducts() {
        await stop();
        await startOrders();
        await theOrders().call('knowProducts', productIds);
      },
      startProducts,
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
