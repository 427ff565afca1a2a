import { exportSigningKey, generateSigningKey } from '@trellis/auth';
import { freePort, runCommand, startProcess, type RunningProcess } from '../../measurement/processes.ts';
import { openCorner, servers } from '../servers.ts';
import { sourceCommand, untilReady, type Platform, type ProcessOptions } from './platform.ts';

const issuer = 'http://127.0.0.1:4001';

/** Starts the gateway and each subgraph as a process, in production mode, each subgraph on a database of its own. */
export async function startDistributedPlatform(options: ProcessOptions): Promise<Platform> {
  const corner = openCorner();
  const processes: Record<string, RunningProcess> = {};
  const remove = async () => {
    await Promise.all(Object.values(processes).map((running) => running.stop()));
    await corner.remove();
  };
  const shared = { LOG_LEVEL: 'warn', NODE_ENV: 'production' };
  const start = async (
    name: string,
    entry: string,
    origin: string,
    env: Readonly<Record<string, string>>,
  ) => {
    const running = startProcess(sourceCommand(entry, { ...shared, ...env }, options));
    processes[name] = running;
    await untilReady(running, origin);
    return origin;
  };
  try {
    const gatewayOrigin = `http://127.0.0.1:${await freePort()}`;
    const keys = { USERS_KEY_ENCRYPTION_KEY: Buffer.alloc(32, 'k').toString('base64') };
    const databases = { users: await corner.createDatabase() };
    const startSubgraph = async (
      name: string,
      database: string,
      own: Readonly<Record<string, string>> = {},
    ): Promise<string> => {
      const port = await freePort();
      const upper = name.toUpperCase();
      return start(name, `subgraphs/${name}/src/main.ts`, `http://127.0.0.1:${port}`, {
        [`${upper}_PORT`]: String(port),
        [`${upper}_DATABASE_URL`]: database,
        [`${upper}_GATEWAY_JWKS_URL`]: `${gatewayOrigin}/.well-known/jwks.json`,
        AMQP_URL: servers.rabbitmq,
        AMQP_PREFIX: corner.prefix,
        ...own,
      });
    };
    const users = await startSubgraph('users', databases.users, {
      ...keys,
      USERS_TOKEN_ISSUER: issuer,
      USERS_BCRYPT_COST: '10', // the least that production takes: registering customers is not what is measured
    });
    const products = await startSubgraph('products', await corner.createDatabase());
    const orders = await startSubgraph('orders', await corner.createDatabase());
    await start('gateway', 'gateway/src/main.ts', gatewayOrigin, {
      GATEWAY_SUPERGRAPH: 'supergraph/generated/supergraph.graphql',
      GATEWAY_PORT: new URL(gatewayOrigin).port,
      GATEWAY_SUBGRAPH_URLS: Object.entries({ users, products, orders })
        .map(([name, origin]) => `${name}=${origin}/graphql`)
        .join(','),
      GATEWAY_JWKS_URL: `${users}/.well-known/jwks.json`,
      GATEWAY_TOKEN_ISSUER: issuer,
      GATEWAY_TOKEN_AUDIENCE: 'trellis',
      GATEWAY_SIGNING_KEY: exportSigningKey(generateSigningKey()),
      REDIS_URL: servers.redis,
    });
    const admin = { email: 'admin@trellis.example', password: 'a password of the benchmark' };
    await runCommand(
      sourceCommand(
        'subgraphs/users/src/commands/create-admin.ts',
        {
          ...keys,
          USERS_DATABASE_URL: databases.users,
          ADMIN_EMAIL: admin.email,
          ADMIN_PASSWORD: admin.password,
        },
        { nodeOptions: [] },
      ),
    );
    return { url: `${gatewayOrigin}/graphql`, admin, processes, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
