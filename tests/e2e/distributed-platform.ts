import { exportSigningKey, generateSigningKey } from '@trellis/auth';
import { removeFromBroker } from '../support/broker.ts';
import { freePorts, runToEnd, startProcess, untilReady, type RunningProcess } from '../support/processes.ts';
import { createTestDatabase, uniquePrefix, type TestDatabase } from '../support/services.ts';

export const services = ['users', 'products', 'orders'] as const;
export type ServiceName = (typeof services)[number];

/** The `iss` of access tokens; a name only. */
const tokenIssuer = 'http://127.0.0.1:4001';

/** The gateway and the subgraphs, each a process of its own with a database of its own. */
export interface DistributedPlatform {
  readonly gatewayUrl: string;
  /** Stands before the name of everything that they have on the broker. */
  readonly brokerPrefix: string;
  /** Database URLs. */
  readonly databases: Readonly<Record<ServiceName, string>>;
  /** Opens an administrator's account by the command for it, the password on its standard input. */
  createAdmin(account: { readonly email: string; readonly password: string }): Promise<void>;
  /** Gives access tokens a new signing key by the command for it. @returns what it printed. */
  rotateKeys(): Promise<string>;
  /** Asks every process to stop. @returns their exit codes, the gateway's last. */
  stopProcesses(): Promise<(number | null)[]>;
  /** Stops what runs, and removes the databases and what is on the broker. */
  remove(): Promise<void>;
}

export interface DistributedPlatformOptions {
  readonly rabbitmq: string;
  readonly redis: string;
  /** The folder of an image to run in production mode; without it, the source runs. */
  readonly image?: string;
}

/** Starts the platform and waits until all of it is ready. */
export async function startDistributedPlatform(
  options: DistributedPlatformOptions,
): Promise<DistributedPlatform> {
  const { rabbitmq, redis, image } = options;
  const prefix = uniquePrefix();
  const processes: RunningProcess[] = [];
  const databases: TestDatabase[] = [];
  const run = image === undefined ? {} : { image };
  const shared = { LOG_LEVEL: 'warn', ...(image === undefined ? {} : { NODE_ENV: 'production' }) };
  const usersSettings = {
    ...(image === undefined ? { USERS_BCRYPT_COST: '4' } : {}), // production refuses so little
    USERS_KEY_ENCRYPTION_KEY: Buffer.alloc(32, 'k').toString('base64'),
    USERS_TOKEN_ISSUER: tokenIssuer,
  };

  const [gatewayPort, ...ports] = await freePorts(services.length + 1);
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`;
  const startSubgraph = async (service: ServiceName, port: number) => {
    const name = service.toUpperCase();
    const database = await createTestDatabase();
    databases.push(database);
    const environment = {
      ...shared,
      [`${name}_PORT`]: String(port),
      [`${name}_DATABASE_URL`]: database.url,
      [`${name}_GATEWAY_JWKS_URL`]: `${gatewayUrl}/.well-known/jwks.json`,
      AMQP_URL: rabbitmq,
      AMQP_PREFIX: prefix,
      ...(service === 'users' ? usersSettings : {}),
      ...(service === 'products' ? { PRODUCTS_SEED: 'true' } : {}),
    };
    const running = startProcess(`subgraphs/${service}/src/main.ts`, environment, run);
    processes.push(running);
    const url = `http://127.0.0.1:${port}`;
    await untilReady(running, `${url}/health/ready`);
    return { url, environment, database: database.url };
  };
  const remove = async (): Promise<void> => {
    await Promise.all(processes.map((running) => running.stop()));
    await Promise.all(databases.map((database) => database.drop()));
    await removeFromBroker(rabbitmq, prefix);
  };

  try {
    const [users, products, orders] = await Promise.all([
      startSubgraph('users', ports[0]!),
      startSubgraph('products', ports[1]!),
      startSubgraph('orders', ports[2]!),
    ]);
    const urls = { users: users.url, products: products.url, orders: orders.url };
    const gateway = startProcess(
      'gateway/src/main.ts',
      {
        ...shared,
        GATEWAY_SUPERGRAPH: 'supergraph/generated/supergraph.graphql',
        GATEWAY_PORT: String(gatewayPort),
        GATEWAY_SUBGRAPH_URLS: services.map((service) => `${service}=${urls[service]}/graphql`).join(','),
        GATEWAY_JWKS_URL: `${users.url}/.well-known/jwks.json`,
        GATEWAY_TOKEN_ISSUER: tokenIssuer,
        GATEWAY_TOKEN_AUDIENCE: 'trellis',
        GATEWAY_SIGNING_KEY: exportSigningKey(generateSigningKey()),
        REDIS_URL: redis,
      },
      run,
    );
    processes.push(gateway);
    await untilReady(gateway, `${gatewayUrl}/health/ready`);
    return {
      gatewayUrl,
      brokerPrefix: prefix,
      databases: { users: users.database, products: products.database, orders: orders.database },
      async createAdmin({ email, password }) {
        const environment = { ...users.environment, ADMIN_EMAIL: email };
        const input = `${password}\n`;
        await runToEnd('subgraphs/users/src/commands/create-admin.ts', environment, { ...run, input });
      },
      rotateKeys: () => runToEnd('subgraphs/users/src/commands/rotate-keys.ts', users.environment, run),
      stopProcesses: () => Promise.all(processes.map((running) => running.stop())),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
