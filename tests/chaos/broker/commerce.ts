import { randomUUID } from 'node:crypto';
import {
  createIdentitySigner,
  createStaticKeySet,
  gatewayIdentityHeader,
  generateSigningKey,
  type Identity,
} from '@trellis/auth';
import type { CloudEvent, EventType } from '@trellis/event-contracts';
import { createLogger, type Stoppable } from '@trellis/lifecycle';
import { createRabbitMqBus, type MessageBus } from '@trellis/messaging';
import { startOrdersService } from '@trellis/orders';
import { startProductsService } from '@trellis/products';
import pg from 'pg';
import { followEvents } from '../../e2e/follow-events.ts';
import type { Caller } from '../../integration/orders/support/orders-service.ts';
import type { Answer } from '../../support/subgraph-under-test.ts';
import { createGate } from '../../integration/rabbitmq/rabbitmq-steps.ts';
import { removeFromBroker } from '../../support/broker.ts';
import { createTestDatabase, uniquePrefix } from '../../support/services.ts';
import { waitFor } from '../../support/wait-for.ts';

export interface CommerceOptions {
  /** The broker's URL. */
  readonly rabbitmq: string;
  /** How many there are of each service, on one database. Default 1. */
  readonly replicas?: number;
  /** How long an order may wait for its stock. Default 15 minutes. */
  readonly pendingSeconds?: number;
}

/** Orders and products at work on PostgreSQL and RabbitMQ, with the test in the place of the gateway. */
export interface Commerce extends Stoppable {
  /** Stands before the name of everything that they have on the broker. */
  readonly brokerPrefix: string;
  readonly orders: pg.Pool;
  readonly products: pg.Pool;
  /** Every event that went over the broker, in the order in which they did. */
  readonly events: readonly CloudEvent[];
  /** How often a service has done what it does for an event. */
  timesHandled(eventId: string): number;
  customer(): Caller;
  /** Adds a product that costs 10.00 USD, and waits until it can be ordered. @returns its id. */
  product(initialStock: number): Promise<string>;
  /** Changes a product's price. @param amount in cents. */
  setPrice(productId: string, amount: number): Promise<void>;
  /** Delays events of a type: from now on their consumers get none until `release`. */
  hold(type: EventType): { readonly release: () => void };
  /** Ends every delay. */
  releaseAll(): void;
  /** Waits until the event of this type about a subject has taken effect in a service. */
  handled(service: 'orders' | 'products', type: EventType, subject: string): Promise<void>;
  /** What became of the stock of a product, in the order in which it did: `RESERVED 2`. */
  ledger(productId: string): Promise<readonly string[]>;
}

const admin: Identity = { kind: 'user', userId: randomUUID(), roles: ['ADMIN'] };

/** Starts the services. */
export async function startCommerce(options: CommerceOptions): Promise<Commerce> {
  const { rabbitmq, replicas = 1, pendingSeconds = 900 } = options;
  const brokerPrefix = `${uniquePrefix()}.`;
  const logger = createLogger('test', 'silent');
  const gatewayKey = generateSigningKey();
  const signer = createIdentitySigner(gatewayKey);
  const gatewayKeys = createStaticKeySet([gatewayKey.publicJwk]);
  const holds = new Map<EventType, ReturnType<typeof createGate>>();
  const handlings = new Map<string, number>();
  const buses: MessageBus[] = [];
  const services: Stoppable[] = [];
  const places = { orders: await createTestDatabase(), products: await createTestDatabase() };

  /** A bus whose deliveries wait where the test holds them. */
  async function createBus(): Promise<MessageBus> {
    const bus = await createRabbitMqBus({
      url: rabbitmq,
      exchange: `${brokerPrefix}trellis.events`,
      queuePrefix: brokerPrefix,
      maxReconnectDelayMs: 200,
      confirmTimeoutMs: 1_000,
      logger,
    });
    buses.push(bus);
    return {
      ...bus,
      subscribe: (subscriptions) =>
        bus.subscribe(
          subscriptions.map((subscription) => ({
            ...subscription,
            async handle(event) {
              await holds.get(event.type)?.passed;
              try {
                return await subscription.handle(event);
              } finally {
                handlings.set(event.id, (handlings.get(event.id) ?? 0) + 1);
              }
            },
          })),
        ),
    };
  }

  function releaseAll(): void {
    for (const gate of holds.values()) gate.open();
    holds.clear();
  }

  const urls = { orders: '', products: '' };
  for (let replica = 0; replica < replicas; replica += 1) {
    const host = '127.0.0.1';
    const products = await startProductsService({
      bus: await createBus(),
      logger,
      gatewayKeys,
      settings: {
        PRODUCTS_PORT: 0,
        PRODUCTS_HOST: host,
        PRODUCTS_DATABASE_URL: places.products.url,
        PRODUCTS_DATA_DIRECTORY: '',
        PRODUCTS_SEED: false,
      },
    });
    const orders = await startOrdersService({
      bus: await createBus(),
      logger,
      gatewayKeys,
      settings: {
        ORDERS_PORT: 0,
        ORDERS_HOST: host,
        ORDERS_DATABASE_URL: places.orders.url,
        ORDERS_DATA_DIRECTORY: '',
        ORDERS_PENDING_SECONDS: pendingSeconds,
      },
    });
    services.push(products, orders);
    urls.products = products.url;
    urls.orders = orders.url;
  }
  const followed = await followEvents(rabbitmq, brokerPrefix);
  const databases = {
    orders: new pg.Pool({ connectionString: places.orders.url, max: 2 }),
    products: new pg.Pool({ connectionString: places.products.url, max: 2 }),
  };

  for (const database of Object.values(databases)) {
    // Unheard, the end of a connection whose database is removed would end the process.
    database.on('error', () => undefined);
  }

  async function ask<T>(
    service: keyof typeof urls,
    as: Identity,
    query: string,
    variables: object = {},
  ): Promise<Answer<T>> {
    const response = await fetch(`${urls[service]}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [gatewayIdentityHeader]: signer.sign(as, service) },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...((await response.json()) as Omit<Answer<T>, 'status'>) };
  }

  return {
    brokerPrefix,
    ...databases,
    events: followed.events,
    timesHandled: (eventId) => handlings.get(eventId) ?? 0,
    customer() {
      const id = randomUUID();
      const identity: Identity = { kind: 'user', userId: id, roles: ['CUSTOMER'] };
      return {
        id,
        query: (query, variables) => ask('orders', identity, query, variables),
        subscribe: () => Promise.reject(new Error('nobody subscribes here')),
      };
    },
    async product(initialStock) {
      const { data, errors } = await ask<{ createProduct: { product: { id: string } } }>(
        'products',
        admin,
        'mutation ($input: CreateProductInput!) { createProduct(input: $input) { product { id } } }',
        {
          input: {
            sku: randomUUID().toUpperCase(),
            name: 'Lamp',
            description: '',
            category: 'lights',
            price: { amount: 1_000, currency: 'USD' },
            initialStock,
          },
        },
      );
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      const { id } = data.createProduct.product;
      if (!holds.has('products.product-created.v1')) {
        await waitFor('orders to know the product', () =>
          databases.orders.query('select from catalogue where product_id = $1', [id]).then(hasRows),
        );
      }
      return id;
    },
    async setPrice(productId, amount) {
      const { errors } = await ask(
        'products',
        admin,
        'mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { product { id } } }',
        { input: { id: productId, price: { amount, currency: 'USD' } } },
      );
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
    },
    hold(type) {
      const gate = createGate();
      holds.set(type, gate);
      const release = (): void => {
        holds.delete(type);
        gate.open();
      };
      return { release };
    },
    releaseAll,
    async handled(service, type, subject) {
      const event = await waitFor(`${type} about ${subject}`, () =>
        followed.events.find((candidate) => candidate.type === type && candidate.subject === subject),
      );
      await waitFor(`${type} about ${subject} to take effect`, () =>
        databases[service].query('select from inbox where event_id = $1', [event.id]).then(hasRows),
      );
    },
    async ledger(productId) {
      const { rows } = await databases.products.query<{ entry: string }>(
        `select kind || ' ' || abs(on_hand_change + reserved_change) as entry
         from stock_ledger where product_id = $1 order by stock_version`,
        [productId],
      );
      return rows.map(({ entry }) => entry);
    },
    async stop() {
      releaseAll();
      await Promise.all(buses.map((bus) => bus.stop()));
      await Promise.all(services.map((service) => service.stop()));
      await Promise.all(Object.values(databases).map((database) => database.end()));
      await followed.stop();
      await Promise.all(Object.values(places).map((place) => place.drop()));
      await removeFromBroker(rabbitmq, brokerPrefix);
    },
  };
}

function hasRows({ rowCount }: pg.QueryResult): boolean {
  return (rowCount ?? 0) > 0;
}
