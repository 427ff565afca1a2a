import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createIdentitySigner, gatewayIdentityHeader, type IdentitySigner } from '@trellis/auth';
import { keepSecrets } from '../../../platform/src/secrets.ts';
import type { DatabaseName, SqlReader } from '../invariants/reading.ts';
import { createNodeService } from './node-service.ts';
import { lastingPorts } from './ports.ts';
import type { PossibleFault } from './schedule.ts';
import type { Target, TargetOptions } from './target.ts';

const services = ['users', 'products', 'orders'] as const;

const possibleFaults: readonly PossibleFault[] = [
  { kind: 'kill', part: 'platform', weight: 3, longestMs: 300 },
  { kind: 'terminate', part: 'platform', weight: 1, longestMs: 300 },
  { kind: 'freeze', part: 'platform', weight: 1, longestMs: 2_000 },
];

/** All of it in one process, on PGlite, with a data directory of its own. Nothing is started yet. */
export async function createEmbeddedTarget({ folder, source }: TargetOptions): Promise<Target> {
  mkdirSync(folder, { recursive: true });
  const dataDirectory = join(folder, 'data');
  const [gateway, users, products, orders] = (await lastingPorts(4)) as [number, number, number, number];
  const origin = (port: number): string => `http://127.0.0.1:${port}`;
  const platform = createNodeService({
    name: 'platform',
    entry: 'platform/src/main.ts',
    source,
    folder,
    readinessUrl: `${origin(gateway)}/health/ready`,
    environment: {
      TRELLIS_DATA_DIRECTORY: dataDirectory,
      GATEWAY_PORT: String(gateway),
      USERS_PORT: String(users),
      PRODUCTS_PORT: String(products),
      ORDERS_PORT: String(orders),
      USERS_BCRYPT_COST: '4',
    },
  });
  let signer: IdentitySigner | undefined;

  return {
    mode: 'embedded',
    folder,
    parts: [platform],
    possibleFaults,
    urls: { gateway: origin(gateway), products: origin(products), orders: origin(orders) },
    identityHeaders(as, subgraph) {
      // The platform has made its key by then.
      signer ??= createIdentitySigner(keepSecrets(dataDirectory).gatewaySigningKey);
      return { [gatewayIdentityHeader]: signer.sign(as, subgraph) };
    },
    start: () => platform.start(),
    crashes: () => [...platform.crashes],
    async inspect(use) {
      await platform.kill();
      const opened = await Promise.all(
        services.map(async (name) => ({ name, client: await PGlite.create(join(dataDirectory, name)) })),
      );
      try {
        const databases = Object.fromEntries(
          opened.map(({ name, client }): [DatabaseName, SqlReader] => [
            name,
            { query: async (text) => (await client.query<Record<string, unknown>>(text)).rows },
          ]),
        ) as Record<DatabaseName, SqlReader>;
        return await use(databases);
      } finally {
        await Promise.all(opened.map(({ client }) => client.close()));
        await platform.start();
      }
    },
    stop: () => platform.kill(),
  };
}
