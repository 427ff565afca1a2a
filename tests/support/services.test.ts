import { describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo, type Server } from 'node:net';
import {
  createTestDatabase,
  describeWithServices,
  planSuite,
  probeServices,
  serviceUrls,
  uniquePrefix,
} from './services.ts';

const usual = serviceUrls({});

describe('where the services are', () => {
  it('is the usual local ports', () => {
    expect(usual).toEqual({
      postgres: 'postgres://postgres@127.0.0.1:5432/postgres',
      rabbitmq: 'amqp://guest:guest@127.0.0.1:5672',
      redis: 'redis://127.0.0.1:6379',
    });
  });

  it('is what the environment says', () => {
    const urls = serviceUrls({ TEST_AMQP_URL: 'amqp://broker:5673' });

    expect(urls.rabbitmq).toBe('amqp://broker:5673');
    expect(urls.redis).toBe(usual.redis);
  });
});

describe('probing', () => {
  it('finds the service that listens and misses the one that does not', async () => {
    const listening = await listen();
    const closed = await listen();
    await close(closed.server);
    try {
      const found = await probeServices({
        postgres: `postgres://127.0.0.1:${listening.port}/x`,
        rabbitmq: `amqp://127.0.0.1:${closed.port}`,
        redis: `redis://127.0.0.1:${closed.port}`,
      });

      expect([...found]).toEqual(['postgres']);
    } finally {
      await close(listening.server);
    }
  });
});

describe('the plan for a suite', () => {
  it('runs when everything it needs is there', () => {
    expect(planSuite('the outbox', ['postgres'], new Set(['postgres']), usual, true)).toEqual({
      kind: 'run',
    });
  });

  it('skips in one line that names what is missing, where, and how to start it', () => {
    const plan = planSuite('the bus', ['postgres', 'rabbitmq'], new Set(['postgres']), usual, false);

    expect(plan).toEqual({
      kind: 'skip',
      line:
        'skipped "the bus": no rabbitmq at 127.0.0.1:5672 ' +
        '(start it: docker run -d -p 5672:5672 rabbitmq:4, or set TEST_AMQP_URL)',
    });
  });

  it('fails where the services are required', () => {
    const plan = planSuite('the bus', ['rabbitmq'], new Set(), usual, true);

    expect(plan).toMatchObject({
      kind: 'fail',
      line: expect.stringContaining('failed "the bus": no rabbitmq'),
    });
  });

  it('keeps the credentials of a URL out of the line', () => {
    const urls = serviceUrls({ TEST_AMQP_URL: 'amqp://user:hunter2@broker:5672' });

    expect(JSON.stringify(planSuite('the bus', ['rabbitmq'], new Set(), urls, false))).not.toContain(
      'hunter2',
    );
  });
});

describe('unique prefixes', () => {
  it('differ from one another', () => {
    expect(new Set(Array.from({ length: 100 }, uniquePrefix)).size).toBe(100);
  });
});

describeWithServices(['postgres'], 'a test database', () => {
  it('is empty, of its own, and gone after it is dropped', async () => {
    const { default: pg } = await import('pg');
    const database = await createTestDatabase();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const tables = await client.query(`select 1 from pg_tables where schemaname = 'public'`);
    await client.end();

    await database.drop();

    expect(tables.rowCount).toBe(0);
    await expect(new pg.Client({ connectionString: database.url }).connect()).rejects.toThrow(
      'does not exist',
    );
  });
});

function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ server, port: (server.address() as AddressInfo).port }));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
