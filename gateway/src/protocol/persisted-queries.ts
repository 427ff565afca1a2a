import type { Logger } from '@trellis/lifecycle';
import { Redis } from 'ioredis';

/** Where Apollo Server keeps the documents of automatic persisted queries. */
export interface PersistedQueryStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, options?: { ttl?: number | null }): Promise<void>;
  delete(key: string): Promise<void>;
  stop(): Promise<void>;
}

const dayInSeconds = 86_400;

/**
 * Persisted queries in Redis, shared by every replica. It only ever saves work: when Redis is slow or away, a lookup is a miss and the
 * client sends its query in full.
 */
export function createRedisPersistedQueries(url: string, logger: Logger): PersistedQueryStore {
  const redis = new Redis(url, {
    // A frozen Redis must not hang requests, nor may commands pile up while it is away.
    commandTimeout: 100,
    connectTimeout: 2_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
  });
  let reported = false;
  redis.on('error', (error: Error) => {
    if (!reported) logger.warn({ reason: error.message }, 'Redis is away: persisted queries are not shared');
    reported = true;
  });
  redis.on('ready', () => (reported = false));
  const name = (key: string): string => `trellis:gateway:${key}`;
  return {
    get: async (key) => (await redis.get(name(key)).catch(() => null)) ?? undefined,
    async set(key, value, options) {
      await redis.set(name(key), value, 'EX', options?.ttl ?? dayInSeconds).catch(() => {});
    },
    async delete(key) {
      await redis.del(name(key)).catch(() => {});
    },
    async stop() {
      redis.disconnect();
    },
  };
}
