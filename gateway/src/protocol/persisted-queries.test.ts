import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createLogger } from '@trellis/lifecycle';
import { describeWithServices } from '../../../tests/support/services.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { createRedisPersistedQueries } from './persisted-queries.ts';

const logger = createLogger('gateway', 'silent');

describeWithServices(['redis'], 'persisted queries in Redis', ({ redis }) => {
  it('are seen by every replica', async () => {
    const [one, other] = [
      createRedisPersistedQueries(redis, logger),
      createRedisPersistedQueries(redis, logger),
    ];
    const key = `test:${randomUUID()}`;

    await waitUntil(async () => {
      await one.set(key, '{ a }', { ttl: 60 });
      return (await other.get(key)) === '{ a }';
    });
    await one.delete(key);

    expect(await other.get(key)).toBeUndefined();
    await Promise.all([one.stop(), other.stop()]);
  });
});

describe('persisted queries without Redis', () => {
  it('are misses when it is not there', async () => {
    const store = createRedisPersistedQueries('redis://127.0.0.1:1', logger);
    await store.set('key', 'value');

    expect(await store.get('key')).toBeUndefined();
    await store.stop();
  });

  it('are misses when it does not answer', async () => {
    const frozen = createServer(() => {});
    await new Promise<void>((resolve) => frozen.listen(0, '127.0.0.1', resolve));
    const store = createRedisPersistedQueries(
      `redis://127.0.0.1:${(frozen.address() as AddressInfo).port}`,
      logger,
    );

    expect(await store.get('key')).toBeUndefined();

    await store.stop();
    await new Promise((resolve) => frozen.close(resolve));
  });
});
