/** A process with the saga's use cases and nothing before them: no HTTP, no GraphQL, no gateway. */
import { knownBindings } from '@trellis/event-contracts';
import { createLogger } from '@trellis/lifecycle';
import { createInProcessBus, createRabbitMqBus, type MessageBus } from '@trellis/messaging';
import { closedLoop, type LoadResult, type Window } from '../load/load.ts';
import { servePart } from '../part.ts';
import { openOrders, type OrdersSide } from './orders-side.ts';
import type { Place } from './place.ts';
import { openProducts, type ProductsSide } from './products-side.ts';

/** What a process of the saga is given. */
export interface SagaSettings {
  /** Absent: events travel in the process. */
  readonly broker?: { readonly url: string; readonly prefix: string } | undefined;
}

const logger = createLogger('bench', 'warn');
/** Users are not there, and nobody is to keep events for them. */
const bindings = knownBindings.filter(({ consumer }) => consumer !== 'users');
let bus: MessageBus | undefined;
let orders: OrdersSide | undefined;
let products: ProductsSide | undefined;

const functions = {
  async open({ broker }: SagaSettings): Promise<void> {
    bus =
      broker === undefined
        ? createInProcessBus({ logger, bindings })
        : await createRabbitMqBus({
            url: broker.url,
            exchange: `${broker.prefix}trellis.events`,
            queuePrefix: broker.prefix,
            bindings,
            logger,
          });
  },
  async openOrders(place: Place): Promise<void> {
    orders = await openOrders(place, theBus(), logger);
  },
  async openProducts(place: Place): Promise<void> {
    products = await openProducts(place, theBus(), logger);
  },
  /** @returns the ids of the products that it added. */
  async addProducts(_: undefined): Promise<readonly string[]> {
    if (products === undefined) throw new Error('products are not open');
    return products.addProducts();
  },
  async knowProducts(ids: readonly string[]): Promise<void> {
    await theOrders().knowProducts(ids);
  },
  async measure({ inFlight, window }: { inFlight: number; window: Window }): Promise<LoadResult> {
    const side = theOrders();
    const workers = Array.from({ length: inFlight }, () => () => side.placeAndWait());
    return closedLoop(workers, window);
  },
  /** Places orders without waiting for them. */
  async place({ count, inFlight }: { count: number; inFlight: number }): Promise<{ seconds: number }> {
    const side = theOrders();
    const begun = performance.now();
    let left = count;
    await Promise.all(
      Array.from({ length: inFlight }, async () => {
        while (left-- > 0) await side.place();
      }),
    );
    return { seconds: (performance.now() - begun) / 1_000 };
  },
  /** How many orders are in which status. */
  statuses: (_: undefined): Promise<Readonly<Record<string, number>>> => theOrders().statuses(),
};

export type SagaFunctions = typeof functions;

servePart(functions, async () => {
  await bus?.stop();
  await orders?.stop();
  await products?.stop();
});

function theBus(): MessageBus {
  if (bus === undefined) throw new Error('the part is not open');
  return bus;
}

function theOrders(): OrdersSide {
  if (orders === undefined) throw new Error('orders are not open');
  return orders;
}
