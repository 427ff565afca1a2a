import { mkdirSync } from 'node:fs';
import {
  createIdentitySigner,
  exportSigningKey,
  gatewayIdentityHeader,
  generateSigningKey,
} from '@trellis/auth';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { readBroker } from './broker-depths.ts';
import { createNodeService } from './node-service.ts';
import { openReaders } from './postgres-readers.ts';
import { lastingPorts } from './ports.ts';
import { createPrivatePostgres } from './private-postgres.ts';
import { createPrivateRabbitMq } from './private-rabbitmq.ts';
import type { PossibleFault } from './schedule.ts';
import type { Target, TargetOptions } from './target.ts';

const services = ['users', 'products', 'orders'] as const;
type ServiceName = (typeof services)[number];

const possibleFaults: readonly PossibleFault[] = [
  { kind: 'kill', part: 'orders', weight: 5, longestMs: 500 },
  { kind: 'kill', part: 'products', weight: 5, longestMs: 500 },
  { kind: 'kill', part: 'gateway', weight: 2, longestMs: 500 },
  { kind: 'kill', part: 'users', weight: 1, longestMs: 500 },
  { kind: 'kill', part: 'postgres', weight: 3, longestMs: 1_000 },
  { kind: 'kill', part: 'rabbitmq', weight: 2, longestMs: 1_000 },
  { kind: 'terminate', part: 'orders', weight: 1, longestMs: 200 },
  { kind: 'terminate', part: 'products', weight: 1, longestMs: 200 },
  { kind: 'terminate', part: 'gateway', weight: 1, longestMs: 200 },
  { kind: 'freeze', part: 'orders', weight: 1, longestMs: 2_000 },
  { kind: 'freeze', part: 'products', weight: 1, longestMs: 2_000 },
  { kind: 'freeze', part: 'postgres', weight: 1, longestMs: 2_000 },
  { kind: 'freeze', part: 'rabbitmq', weight: 1, longestMs: 2_000 },
  { kind: 'cut', part: 'postgres', weight: 3, longestMs: 0 },
  { kind: 'cut', part: 'rabbitmq', weight: 3, longestMs: 0 },
  { kind: 'mute', part: 'postgres', weight: 1, longestMs: 2_000 },
  { kind: 'mute', part: 'rabbitmq', weight: 1, longestMs: 2_000 },
];

/** The `iss` of access tokens; a name only. */
const tokenIssuer = 'http://127.0.0.1:4001';

/**
 * The gateway and each subgraph as a process of its own, with a PostgreSQL server and a RabbitMQ node that are theirs alone. The subgraphs
 * reach the two through proxies. Nothing is started yet.
 */
export async function createDistributedTarget({ folder, source }: TargetOptions): Promise<Target> {
  mkdirSync(folder, { recursive: true });
  const [postgresPort, amqpPort, distributionPort, mapperPort, gatewayPort, ...ports] = (await lastingPorts(
    5 + services.length,
  )) as [number, number, number, number, number, ...number[]];
  const postgresProxy = await startTcpProxy(new URL(`tcp://127.0.0.1:${postgresPort}`));
  const amqpProxy = await startTcpProxy(new URL(`tcp://127.0.0.1:${amqpPort}`));
  const postgres = createPrivatePostgres(folder, postgresPort, postgresProxy);
  const rabbitmq = createPrivateRabbitMq(folder, [amqpPort, distributionPort, mapperPort], amqpProxy);
  const originOf = (service: ServiceName): string => `http://127.0.0.1:${ports[services.indexOf(service)]}`;
  const gatewayUrl = `http://127.0.0.1:${gatewayPort}`;
  const signingKey = generateSigningKey();
  const signer = createIdentitySigner(signingKey);

  const subgraphs = services.map((service) => {
    const name = service.toUpperCase();
    return createNodeService({
      name: service,
      entry: `subgraphs/${service}/src/main.ts`,
      source,
      folder,
      readinessUrl: `${originOf(service)}/health/ready`,
      environment: {
        LOG_LEVEL: 'warn',
        AMQP_URL: `amqp://guest:guest@127.0.0.1:${amqpProxy.port}`,
        [`${name}_PORT`]: new URL(originOf(service)).port,
        [`${name}_DATABASE_URL`]: `postgres://postgres@127.0.0.1:${postgresProxy.port}/${service}`,
        [`${name}_GATEWAY_JWKS_URL`]: `${gatewayUrl}/.well-known/jwks.json`,
        ...(service === 'users'
          ? {
              USERS_BCRYPT_COST: '4',
              USERS_KEY_ENCRYPTION_KEY: Buffer.alloc(32, 'k').toString('base64'),
              USERS_TOKEN_ISSUER: tokenIssuer,
            }
          : {}),
        ...(service === 'products' ? { PRODUCTS_SEED: 'false' } : {}),
      },
    });
  });
  const gateway = createNodeService({
    name: 'gateway',
    entry: 'gateway/src/main.ts',
    source,
    folder,
    readinessUrl: `${gatewayUrl}/health/ready`,
    environment: {
      LOG_LEVEL: 'warn',
      GATEWAY_SUPERGRAPH: 'supergraph/generated/supergraph.graphql',
      GATEWAY_PORT: String(gatewayPort),
      GATEWAY_SUBGRAPH_URLS: services.map((service) => `${service}=${originOf(service)}/graphql`).join(','),
      GATEWAY_JWKS_URL: `${originOf('users')}/.well-known/jwks.json`,
      GATEWAY_TOKEN_ISSUER: tokenIssuer,
      GATEWAY_TOKEN_AUDIENCE: 'trellis',
      GATEWAY_SIGNING_KEY: exportSigningKey(signingKey),
    },
  });
  const servers = [postgres, rabbitmq];
  const processes = [...servers, ...subgraphs, gateway];

  return {
    mode: 'distributed',
    folder,
    parts: processes,
    possibleFaults,
    urls: { gateway: gatewayUrl, products: originOf('products'), orders: originOf('orders') },
    identityHeaders: (as, subgraph) => ({ [gatewayIdentityHeader]: signer.sign(as, subgraph) }),
    async start() {
      await Promise.all(servers.map((server) => server.start()));
      for (const service of services) await postgres.createDatabase(service);
      await Promise.all([...subgraphs, gateway].map((service) => service.start()));
    },
    crashes: () => processes.flatMap(({ crashes }) => crashes),
    async inspect(use) {
      const readers = await openReaders(services, postgres.databaseUrl);
      try {
        return await use({ ...readers.databases, broker: { depths: () => readBroker(rabbitmq.url) } });
      } finally {
        await readers.close();
      }
    },
    async stop() {
      await Promise.all(processes.map((server) => server.kill()));
      await Promise.all([postgresProxy.close(), amqpProxy.close()]);
    },
  };
}
