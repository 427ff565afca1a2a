import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createStaticKeySet } from '@trellis/auth';
import { openDatabase } from '@trellis/database';
import { createLogger, listen, type StopSequence } from '@trellis/lifecycle';
import { createInProcessBus } from '@trellis/messaging';
import { parse } from 'graphql';
import { createEmbeddedDatabase, type EmbeddedDatabase } from '../../../tests/support/embedded-database.ts';
import { freePorts } from '../../../tests/support/processes.ts';
import { startSubgraph } from './index.ts';

const migrations = new URL('../../../tests/support/outbox-migrations', import.meta.url).pathname;
const logger = createLogger('test', 'silent');
let place: EmbeddedDatabase;

beforeEach(async () => {
  place = await createEmbeddedDatabase();
});

afterEach(() => place.drop());

/** Starts a subgraph of little more than a database; tells what of it was stopped, in order. */
function startOn(
  port: number,
  { url, ...options }: { readonly url?: string; readonly isStopping?: () => boolean } = {},
) {
  const stopped: string[] = [];
  const part = (name: string) => ({ stop: async () => void stopped.push(name) });
  const starting = startSubgraph({
    name: 'shop',
    port,
    host: '127.0.0.1',
    bus: createInProcessBus({ logger, bindings: [] }),
    gatewayKeys: createStaticKeySet([]),
    logger,
    ...options,
    async assemble(running: StopSequence) {
      running.add(part('the first part'));
      const database = await openDatabase(
        { service: 'shop', url, directory: place.directory, migrations },
        logger,
      );
      running.add({
        async stop() {
          stopped.push('the database');
          await database.stop();
        },
      });
      running.add(part('the last part'));
      const schema = buildSubgraphSchema({ typeDefs: parse('type Query { open: Boolean }') });
      return { database, schema, createContext: (request) => request, consumers: [] };
    },
  });
  return { starting, stopped };
}

const backwards = ['the last part', 'the database', 'the first part'];

it('leaves nothing running when a part of it cannot start', async () => {
  const other = await listen(() => undefined, { port: 0, host: '127.0.0.1' });
  const { starting, stopped } = startOn(other.port);

  await expect(starting).rejects.toThrow(
    `port ${other.port} is taken: stop what listens there, or choose another by SHOP_PORT`,
  );

  expect(stopped).toEqual(backwards);
  await other.stop();
});

it('names the setting of a database that cannot be reached', async () => {
  const [port] = await freePorts(1);
  const { starting, stopped } = startOn(0, { url: `postgres://127.0.0.1:${port}/shop` });

  await expect(starting).rejects.toThrow(/^SHOP_DATABASE_URL: the database does not answer: /);

  expect(stopped).toEqual(['the first part']);
});

it('stops its server first, and then what it was assembled of, the last part first', async () => {
  const { starting, stopped } = startOn(0);
  const { url, stop } = await starting;
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);

  await stop();

  expect(stopped).toEqual(backwards);
  await expect(fetch(`${url}/health/live`)).rejects.toThrow();
});

it('is not ready, though it serves, from the moment that its process begins to stop', async () => {
  let isStopping = false;
  const { starting } = startOn(0, { isStopping: () => isStopping });
  const { url, stop } = await starting;
  isStopping = true;

  const ready = await fetch(`${url}/health/ready`);

  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({
    status: 'down',
    checks: { process: { status: 'down', detail: 'is stopping' } },
  });
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  await stop();
});
