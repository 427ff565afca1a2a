import { createIdentitySigner, gatewayIdentityHeader, generateSigningKey } from '@trellis/auth';
import { deadLetterQueueName, eventExchange, knownBindings, queueName } from '@trellis/event-contracts';
import { connect } from 'amqplib';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { removeFromBroker } from '../../support/broker.ts';
import { freePorts, startProcess, untilReady, type RunningProcess } from '../../support/processes.ts';
import { createTestDatabase, uniquePrefix } from '../../support/services.ts';
import type { BrokerReader } from '../invariants.ts';
import { endLeasesStatement, type Saga, type SagaService } from './saga.ts';

const services: readonly SagaService[] = ['orders', 'products'];

/**
 * Prepares orders and products as two processes with PostgreSQL and RabbitMQ. The test stands in for the gateway; users, whom the saga does
 * not need, are not there, and what is meant for them is not looked at.
 * @param image a folder with everything compiled, to run that in production mode.
 */
export async function prepareSagaOverRabbitMq(rabbitmq: string, image?: string): Promise<Saga> {
  const prefix = uniquePrefix();
  const key = generateSigningKey();
  const signer = createIdentitySigner(key);
  const keys = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [key.publicJwk] }));
  }).listen(0, '127.0.0.1');
  await once(keys, 'listening');
  const keysUrl = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks.json`;
  const [ordersPort, productsPort] = await freePorts(services.length);
  const ports = { orders: ordersPort!, products: productsPort! };
  const databases = { orders: await createTestDatabase(), products: await createTestDatabase() };
  const pools = { orders: poolOf(databases.orders.url), products: poolOf(databases.products.url) };
  const processes: Partial<Record<SagaService, RunningProcess>> = {};
  const directory = mkdtempSync(join(tmpdir(), 'trellis-chaos-'));
  const armed = { orders: join(directory, 'orders'), products: join(directory, 'products') };
  for (const service of services) arm(service);

  const url = (service: SagaService): string => `http://127.0.0.1:${ports[service]}`;
  const isRunning = (service: SagaService): boolean => {
    const child = processes[service]?.child;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  };

  function arm(service: SagaService, failpoints = ''): void {
    writeFileSync(armed[service], failpoints);
  }

  function launch(service: SagaService, environment: Readonly<Record<string, string>> = {}): RunningProcess {
    const name = service.toUpperCase();
    const running = startProcess(
      `subgraphs/${service}/src/main.ts`,
      {
        LOG_LEVEL: 'warn',
        [`${name}_PORT`]: String(ports[service]),
        [`${name}_DATABASE_URL`]: databases[service].url,
        [`${name}_GATEWAY_JWKS_URL`]: keysUrl,
        AMQP_URL: rabbitmq,
        AMQP_PREFIX: prefix,
        ...(service === 'products' ? { PRODUCTS_SEED: 'true' } : {}),
        FAILPOINTS: `@${armed[service]}`,
        ...(image === undefined ? {} : { NODE_ENV: 'production' }),
        ...environment,
      },
      image === undefined ? {} : { image },
    );
    processes[service] = running;
    return running;
  }

  async function stop(): Promise<readonly string[]> {
    const complaints: string[] = [];
    for (const service of services.filter(isRunning)) {
      const running = processes[service]!;
      running.child.kill('SIGTERM');
      if ((await running.ended()) !== 0) complaints.push(running.output());
    }
    return complaints;
  }

  return {
    url: (service) => `${url(service)}/graphql`,
    identityHeaders: (service, as) => ({ [gatewayIdentityHeader]: signer.sign(as, service) }),
    arm,
    async start({ settings = {}, only } = {}) {
      const started = services.filter((service) => !isRunning(service) && (only ?? service) === service);
      for (const service of started) {
        const own = Object.entries(settings).filter(([name]) => name.startsWith(service.toUpperCase()));
        launch(service, Object.fromEntries(own));
      }
      await Promise.all(
        started.map((service) => untilReady(processes[service]!, `${url(service)}/health/ready`)),
      );
    },
    launch,
    processOf: (service) => processes[service]!,
    stop,
    reading: () => ({
      orders: { query: async (text) => (await pools.orders.query<Record<string, unknown>>(text)).rows },
      products: { query: async (text) => (await pools.products.query<Record<string, unknown>>(text)).rows },
      broker: readBroker(rabbitmq, prefix),
    }),
    async endLeases() {
      await pools.orders.query(endLeasesStatement);
      await pools.products.query(endLeasesStatement);
    },
    async publish(event) {
      const { id, type } = event as { readonly id: string; readonly type: string };
      const connection = await connect(rabbitmq);
      const channel = await connection.createConfirmChannel();
      channel.publish(prefix + eventExchange, type, Buffer.from(JSON.stringify(event)), {
        messageId: id,
        persistent: true,
      });
      await channel.waitForConfirms();
      await connection.close();
    },
    async remove() {
      await Promise.all(services.filter(isRunning).map((service) => processes[service]!.kill()));
      await Promise.all([pools.orders.end(), pools.products.end()]);
      await Promise.all([databases.orders.drop(), databases.products.drop()]);
      await removeFromBroker(rabbitmq, prefix);
      keys.close();
      rmSync(directory, { recursive: true });
    },
  };
}

function poolOf(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  // The end of the suite drops the database under it.
  pool.on('error', () => undefined);
  return pool;
}

/** The depths of the queues of orders and products, their dead letters among them. */
function readBroker(url: string, prefix: string): BrokerReader {
  const queues = knownBindings
    .filter(({ consumer }) => consumer === 'orders' || consumer === 'products')
    .map((binding) => prefix + queueName(binding))
    .flatMap((queue) => [queue, deadLetterQueueName(queue)]);
  return {
    async depths() {
      const connection = await connect(url);
      try {
        const channel = await connection.createChannel();
        const depths: { queue: string; messages: number }[] = [];
        for (const queue of queues) {
          depths.push({ queue, messages: (await channel.checkQueue(queue)).messageCount });
        }
        return depths;
      } finally {
        await connection.close();
      }
    },
  };
}
