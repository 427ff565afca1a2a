import { fileURLToPath } from 'node:url';
import { openDatabase } from '@trellis/database';
import type { Logger, Stoppable } from '@trellis/lifecycle';
import type { MessageBus } from '@trellis/messaging';
import { startOutboxRelay } from '@trellis/outbox';
import { createProduct } from '../../../subgraphs/products/src/application/create-product.ts';
import { createOrderConsumers } from '../../../subgraphs/products/src/messaging/order-consumers.ts';
import { createStorage } from '../../../subgraphs/products/src/storage.ts';
import type { Place } from './place.ts';

const migrations = fileURLToPath(new URL('../../../subgraphs/products/migrations', import.meta.url));

/** As many as the benchmark of the gateway has: orders seldom want the same one at the same moment, as in a shop. */
const productCount = 50;

/** What products do in the saga, put together as the service does it, without its server. */
export interface ProductsSide extends Stoppable {
  /** @returns their ids. */
  addProducts(): Promise<readonly string[]>;
}

export async function openProducts(place: Place, bus: MessageBus, logger: Logger): Promise<ProductsSide> {
  const database = await openDatabase({ service: 'products', ...place, migrations }, logger);
  const storage = createStorage(database);
  await bus.subscribe(createOrderConsumers({ database, unitOfWork: storage.unitOfWork, now: storage.now }));
  const relay = await startOutboxRelay({ database, publisher: bus, logger });
  return {
    async addProducts() {
      const ids: string[] = [];
      for (let index = 0; index < productCount; index++) {
        const result = await createProduct(storage.changeContext({}), {
          sku: `BENCH-${index}`,
          name: `Product ${index}`,
          description: 'There is always enough of it.',
          category: 'bench',
          price: { amount: 1_000, currency: 'USD' },
          initialStock: 1_000_000,
        });
        if (!result.ok) throw new Error(result.errors.map(({ message }) => message).join('; '));
        ids.push(result.value.id);
      }
      return ids;
    },
    async stop() {
      await relay.stop();
      await database.stop();
    },
  };
}
