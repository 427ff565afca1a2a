import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase } from '@trellis/database';
import { createLogger } from '@trellis/lifecycle';
import { deadLetters } from '@trellis/outbox';
import { freePorts, startProcess, untilReady, type RunningProcess } from '../../support/processes.ts';
import { waitFor } from '../../support/wait-for.ts';
import { dlq, listLetters } from './run-dlq.ts';

const migrations = new URL('../../../subgraphs/orders/migrations', import.meta.url).pathname;
const logger = createLogger('test', 'silent');

describe('dead letters of the embedded platform', () => {
  const eventId = randomUUID();
  let directory: string;
  let environment: Readonly<Record<string, string>>;
  let platform: RunningProcess | undefined;

  async function start(): Promise<void> {
    const [gateway, users, products, orders] = await freePorts(4);
    platform = startProcess('platform/src/main.ts', {
      ...environment,
      GATEWAY_PORT: String(gateway),
      USERS_PORT: String(users),
      PRODUCTS_PORT: String(products),
      ORDERS_PORT: String(orders),
      USERS_BCRYPT_COST: '4',
    });
    await untilReady(platform, `http://127.0.0.1:${gateway}/health/ready`);
  }

  const reasonOf = async () => (await listLetters(environment))[0]?.reason;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'trellis-dlq-'));
    environment = { TRELLIS_DATA_DIRECTORY: directory };
    await start();
    await platform!.stop();
    const options = { service: 'test', directory: join(directory, 'orders'), migrations };
    const orders = await openDatabase(options, logger);
    const event = { id: eventId, type: 'orders.order-placed.v0', correlationid: 'request-7' } as never;
    await orders.query
      .insert(deadLetters)
      .values({ consumer: 'outbox', eventId, event, reason: 'of an older version', attempts: 3 });
    await orders.stop();
  }, 120_000);

  afterAll(async () => {
    await platform?.stop();
    rmSync(directory, { recursive: true });
  });

  const letter = {
    id: eventId,
    queue: 'orders.outbox',
    consumer: 'outbox',
    keptIn: 'orders',
    attempts: 3,
    correlationId: 'request-7',
  };

  it('are listed while it is stopped', async () => {
    expect(await listLetters(environment)).toEqual([
      expect.objectContaining({ ...letter, reason: 'of an older version' }),
    ]);
  });

  it('are listed, replayed and dropped while it runs', async () => {
    await start();
    expect(await listLetters(environment)).toEqual([
      expect.objectContaining({ ...letter, reason: 'of an older version' }),
    ]);
    expect(await dlq(environment, 'show', eventId)).toContain('orders.order-placed.v0');

    expect(await dlq(environment, 'replay', '--all', '--queue', 'orders.outbox')).toContain('1 replayed');
    await waitFor(
      'it to come back',
      async () => (await reasonOf())?.includes('does not fit') === true,
      20_000,
    );

    await expect(dlq(environment, 'drop', eventId)).rejects.toThrow('nothing was dropped');
    await dlq(environment, 'drop', eventId, '--yes');
    expect(await listLetters(environment)).toEqual([]);
    expect(await dlq(environment, 'list')).toBe('no dead letters\n');
  }, 120_000);
});
