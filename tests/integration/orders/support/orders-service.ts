import { anonymous, type Identity } from '@trellis/auth';
import {
  createEvent,
  parseEvent,
  type CloudEvent,
  type EventData,
  type EventType,
} from '@trellis/event-contracts';
import { startOrdersService, subgraphName, type OrdersService } from '@trellis/orders';
import { randomUUID } from 'node:crypto';
import type { Stream } from '../../../support/event-stream.ts';
import {
  describeSubgraph,
  type Answer,
  type SubgraphUnderTest,
} from '../../../support/subgraph-under-test.ts';

/** A caller of the subgraph, as the gateway tells of them. */
export interface Caller {
  readonly id: string;
  query<T>(query: string, variables?: object, headers?: Readonly<Record<string, string>>): Promise<Answer<T>>;
  subscribe<T>(query: string, variables?: object): Promise<Stream<Answer<T>>>;
}

/** A running orders subgraph, with the test in the place of the gateway and of products. */
export interface OrdersUnderTest extends SubgraphUnderTest<OrdersService> {
  customer(id?: string): Caller;
  admin(): Caller;
  nobody(): Caller;
  /** Hands orders an event, as the bus does. @param cause of the event. */
  tell<T extends EventType>(type: T, data: EventData<T>, cause?: EventCause): Promise<CloudEvent>;
  /** Adds a product to the catalogue. @returns its id. */
  product(product?: Partial<EventData<'products.product-created.v1'>>): Promise<string>;
}

interface EventCause {
  readonly correlationId?: string;
  readonly traceparent?: string;
}

/** Runs a suite against the service on PGlite and, where there is one, on PostgreSQL. One service serves all tests of the suite. */
export function describeOrdersService(
  title: string,
  define: (orders: OrdersUnderTest) => void,
  pendingSeconds = 900,
): void {
  describeSubgraph(
    title,
    subgraphName,
    ({ url, directory }, parts) =>
      startOrdersService({
        ...parts,
        settings: {
          ORDERS_PORT: 0,
          ORDERS_HOST: '127.0.0.1',
          ORDERS_DATABASE_URL: url,
          ORDERS_DATA_DIRECTORY: directory,
          ORDERS_PENDING_SECONDS: pendingSeconds,
        },
      }),
    (subject) => define(withCallers(subject)),
  );
}

function withCallers(subject: SubgraphUnderTest<OrdersService>): OrdersUnderTest {
  const caller = (identity: Identity): Caller => ({
    id: identity.kind === 'user' ? identity.userId : '',
    query: (query, variables, headers) => subject.ask(query, variables, identity, headers),
    subscribe: (query, variables) => subject.subscribe(query, variables, identity),
  });
  const user = (roles: string[], userId: string = randomUUID()): Caller =>
    caller({ kind: 'user', userId, roles });

  async function tell<T extends EventType>(type: T, data: EventData<T>, cause: EventCause = {}) {
    const event: CloudEvent = parseEvent(
      createEvent({ type, data, id: randomUUID(), subject: 'test', time: new Date(), ...cause }),
    );
    await subject.deliver(event);
    return event;
  }

  const callers = {
    customer: (id?: string) => user(['CUSTOMER'], id),
    admin: () => user(['ADMIN']),
    nobody: () => caller(anonymous),
    tell,
    async product(product: Partial<EventData<'products.product-created.v1'>> = {}) {
      const productId = randomUUID();
      await tell('products.product-created.v1', {
        productId,
        version: 1,
        sku: 'KEY-1',
        name: 'Wireless Keyboard',
        category: 'peripherals',
        price: { amount: 4_999, currency: 'USD' },
        ...product,
      });
      return product.productId ?? productId;
    },
  };
  // Not spread: `service` can be read only once it runs.
  return Object.create(subject, Object.getOwnPropertyDescriptors(callers)) as OrdersUnderTest;
}
