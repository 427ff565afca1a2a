import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createStaticKeySet, generateSigningKey } from '@trellis/auth';
import { createGateway, supergraphFile, type Gateway } from '@trellis/gateway';
import { createLogger, type Stoppable } from '@trellis/lifecycle';
import { createRabbitMqBus } from '@trellis/messaging';
import { startProductsService } from '@trellis/products';
import { demoAccounts, keySetPath, startUsersService, type SeededAccount } from '@trellis/users';
import pg from 'pg';
import { removeFromBroker } from '../../support/broker.ts';
import { freePorts, startProcess, untilReady, type RunningProcess } from '../../support/processes.ts';
import { createTestDatabase, uniquePrefix } from '../../support/services.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import type { Reading } from '../invariants.ts';
import { startBalancer } from './balancer.ts';

const supergraph = fileURLToPath(
  new URL('../../../supergraph/generated/supergraph.graphql', import.meta.url),
);
const tokenIssuer = 'http://127.0.0.1:4001';

/** Several replicas of everything, on one PostgreSQL and one RabbitMQ. */
export interface Replicas {
  /** Each gateway's origin, by way of the proxy that can break its connections. */
  readonly gateways: readonly { readonly url: string; readonly proxy: TcpProxy }[];
  readonly accounts: readonly SeededAccount[];
  readonly reading: Reading;
  /** `kill -9` of one replica of orders. */
  killOrders(replica: number): Promise<void>;
  /** Starts a replica of orders. */
  startOrders(replica: number): Promise<void>;
  /** Starts the replicas of products, where they were not wanted at first. */
  startProducts(): Promise<void>;
  /** Stops the replicas of products: what is for them waits on the broker. */
  stopProducts(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts two replicas of every service, those of orders as processes of their own, and as many gateways as wanted before them. */
export async function startReplicas(options: {
  readonly rabbitmq: string;
  readonly gateways: number;
  readonly pendingSeconds?: number;
}): Promise<Replicas> {
  const { rabbitmq, pendingSeconds = 900 } = options;
  const prefix = uniquePrefix();
  const logger = createLogger('test', 'silent');
  const key = generateSigningKey();
  const gatewayKeys = createStaticKeySet([key.publicJwk]);
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    stops.push(() => removeFromBroker(rabbitmq, prefix));
    const databases = {
      users: await createTestDatabase(),
      products: await createTestDatabase(),
      orders: await createTestDatabase(),
    };
    for (const database of Object.values(databases)) stops.push(() => database.drop());

    const keys = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [key.publicJwk] }));
    });
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
    stops.push(() => new Promise((resolve) => keys.close(resolve)));

    /** A service in this process with a bus of its own, which is stopped first. */
    async function startHere<S extends Stoppable>(
      start: (parts: {
        bus: Awaited<ReturnType<typeof createRabbitMqBus>>;
        gatewayKeys: typeof gatewayKeys;
        logger: typeof logger;
      }) => Promise<S>,
    ): Promise<{ readonly service: S; stop(): Promise<void> }> {
      const bus = await createRabbitMqBus({
        url: rabbitmq,
        exchange: `${prefix}trellis.events`,
        queuePrefix: prefix,
        logger,
      });
      const service = await start({ bus, gatewayKeys, logger });
      return {
        service,
        async stop() {
          await bus.stop();
          await service.stop();
        },
      };
    }

    const [ordersPort1, ordersPort2, productsPort1, productsPort2] = await freePorts(4);
    const ordersPorts = [ordersPort1!, ordersPort2!];
    const productsPorts = [productsPort1!, productsPort2!];
    const orders: RunningProcess[] = [];
    stops.push(() => Promise.all(orders.map((running) => running.stop())));
    async function startOrders(replica: number): Promise<void> {
      const running = startProcess('subgraphs/orders/src/main.ts', {
        LOG_LEVEL: 'warn',
        ORDERS_PORT: String(ordersPorts[replica]),
        ORDERS_DATABASE_URL: databases.orders.url,
        ORDERS_GATEWAY_JWKS_URL: `http://127.0.0.1:${(keys.address() as AddressInfo).port}`,
        ORDERS_PENDING_SECONDS: String(pendingSeconds),
        AMQP_URL: rabbitmq,
        AMQP_PREFIX: prefix,
      });
      orders[replica] = running;
      await untilReady(running, `http://127.0.0.1:${ordersPorts[replica]}/health/ready`);
    }

    let products: { stop(): Promise<void> }[] = [];
    async function startProducts(): Promise<void> {
      products = await Promise.all(
        productsPorts.map((port) =>
          startHere((parts) =>
            startProductsService({
              ...parts,
              settings: {
                PRODUCTS_PORT: port,
                PRODUCTS_HOST: '127.0.0.1',
                PRODUCTS_DATABASE_URL: databases.products.url,
                PRODUCTS_DATA_DIRECTORY: '',
                PRODUCTS_SEED: true,
              },
            }),
          ),
        ),
      );
    }
    async function stopProducts(): Promise<void> {
      await Promise.all(products.splice(0).map((one) => one.stop()));
    }
    stops.push(stopProducts);

    const users = Promise.all(
      [1, 2].map(() =>
        startHere((parts) =>
          startUsersService({
            ...parts,
            settings: {
              USERS_PORT: 0,
              USERS_HOST: '127.0.0.1',
              USERS_DATABASE_URL: databases.users.url,
              USERS_DATA_DIRECTORY: '',
              USERS_TOKEN_ISSUER: tokenIssuer,
              USERS_TOKEN_AUDIENCE: 'trellis',
              USERS_KEY_ENCRYPTION_KEY: Buffer.alloc(32, 'k').toString('base64'),
              USERS_KEY_ROTATION_DAYS: 30,
              USERS_BCRYPT_COST: 4,
              USERS_BCRYPT_THREADS: 1,
              USERS_BCRYPT_QUEUE: 200,
            },
          }),
        ),
      ),
    );
    stops.push(async () => Promise.all((await users).map((one) => one.stop())));
    await Promise.all([startOrders(0), startOrders(1), startProducts(), users]);
    const userPorts = (await users).map(({ service }) => Number(new URL(service.url).port));
    const accounts = await (await users)[0]!.service.seedAccounts(demoAccounts, () => undefined);

    const balancers = {
      users: await startBalancer(userPorts),
      products: await startBalancer(productsPorts),
      orders: await startBalancer(ordersPorts),
    };
    for (const balancer of Object.values(balancers)) stops.push(() => balancer.stop());
    const gateways = await Promise.all(
      Array.from({ length: options.gateways }, async () => {
        const gateway: Gateway = await createGateway({
          supergraph: supergraphFile(supergraph),
          port: 0,
          logger,
          tokens: {
            issuer: tokenIssuer,
            audience: 'trellis',
            jwksUrls: [`${balancers.users.url}${keySetPath}`],
          },
          signingKey: key,
          subgraphUrls: Object.fromEntries(
            Object.entries(balancers).map(([name, { url }]) => [name, `${url}/graphql`]),
          ),
        });
        stops.push(() => gateway.stop());
        const proxy = await startTcpProxy(new URL(gateway.url));
        stops.push(() => proxy.close());
        return { url: `http://127.0.0.1:${proxy.port}`, proxy };
      }),
    );

    const pools = Object.entries(databases).map(([name, { url }]) => {
      const pool = new pg.Pool({ connectionString: url, max: 2 });
      pool.on('error', () => undefined); // the database is dropped under it
      stops.push(() => pool.end());
      const query = async (text: string) => (await pool.query<Record<string, unknown>>(text)).rows;
      return [name, { query }] as const;
    });
    return {
      gateways,
      accounts,
      reading: Object.fromEntries(pools) as unknown as Reading,
      killOrders: (replica) => orders[replica]!.kill(),
      startOrders,
      startProducts,
      stopProducts,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
