import {
  createIdentitySigner,
  gatewayIdentityHeader,
  importSigningKey,
  type IdentitySigner,
} from '@trellis/auth';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, startProcess, untilReady, type RunningProcess } from '../../support/processes.ts';
import type { DatabaseName, SqlReader } from '../invariants/reading.ts';
import { endLeasesStatement, type Saga, type SagaService } from './saga.ts';

const reader = new URL('read-embedded-databases.js', import.meta.url).href;
const databases: readonly DatabaseName[] = ['orders', 'products', 'users'];

/** Prepares the embedded platform as `npm start` runs it, with a data directory of its own. */
export async function prepareSagaInOneProcess(): Promise<Saga & { gatewayUrl(): string }> {
  const directory = mkdtempSync(join(tmpdir(), 'trellis-chaos-'));
  const [gateway, users, orders, products, readerPort] = await freePorts(5);
  const ports = { orders: orders!, products: products! };
  const armed = `${directory}.failpoints`;
  arm('orders');
  let running: RunningProcess | undefined;
  let signer: IdentitySigner | undefined;

  const gatewayUrl = (): string => `http://127.0.0.1:${gateway}`;
  const isRunning = (): boolean =>
    running !== undefined && running.child.exitCode === null && running.child.signalCode === null;

  /** One process has them all. */
  function arm(_service: SagaService, failpoints = ''): void {
    writeFileSync(armed, failpoints);
  }

  function launch(_service: SagaService, environment: Readonly<Record<string, string>> = {}): RunningProcess {
    running = startProcess('platform/src/main.ts', {
      NODE_OPTIONS: `--import=${reader}`,
      FAILPOINTS: `@${armed}`,
      READER_PORT: String(readerPort),
      TRELLIS_DATA_DIRECTORY: directory,
      GATEWAY_PORT: String(gateway),
      USERS_PORT: String(users),
      ORDERS_PORT: String(orders),
      PRODUCTS_PORT: String(products),
      USERS_BCRYPT_COST: '4',
      ...environment,
    });
    return running;
  }

  async function query(database: DatabaseName, text: string): Promise<readonly Record<string, unknown>[]> {
    const answer = await fetch(`http://127.0.0.1:${readerPort}/${database}`, { method: 'POST', body: text });
    if (!answer.ok) throw new Error(`${await answer.text()}: ${text}`);
    return (await answer.json()) as readonly Record<string, unknown>[];
  }

  const readerOf = (database: DatabaseName): SqlReader => ({ query: (text) => query(database, text) });

  return {
    gatewayUrl,
    url: (service) => `http://127.0.0.1:${ports[service]}/graphql`,
    identityHeaders: (service, as) => ({ [gatewayIdentityHeader]: signer!.sign(as, service) }),
    arm,
    async start({ settings = {} } = {}) {
      if (!isRunning()) launch('orders', settings);
      await untilReady(running!, `${gatewayUrl()}/health/ready`);
      const secrets = readFileSync(join(directory, 'secrets.json'), 'utf8');
      const { gatewaySigningKey } = JSON.parse(secrets) as { gatewaySigningKey: string };
      signer = createIdentitySigner(importSigningKey(gatewaySigningKey));
    },
    launch,
    processOf: () => running!,
    async stop() {
      if (!isRunning()) return [];
      running!.child.kill('SIGTERM');
      return (await running!.ended()) === 0 ? [] : [running!.output()];
    },
    reading: () => ({
      orders: readerOf('orders'),
      products: readerOf('products'),
      users: readerOf('users'),
    }),
    async endLeases() {
      for (const database of databases) await query(database, endLeasesStatement);
    },
    async publish(event) {
      const text = JSON.stringify(event).replaceAll("'", "''");
      await query('products', `insert into outbox (event) values ('${text}')`);
    },
    async remove() {
      if (isRunning()) await running!.kill();
      rmSync(directory, { recursive: true });
      rmSync(armed);
    },
  };
}
