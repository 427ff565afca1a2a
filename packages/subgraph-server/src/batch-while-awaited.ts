import { clientClosedRequest } from './errors.ts';

/**
 * A DataLoader's batch function that reads nothing once its request is gone: the executor knows no cancellation, and would go on to load
 * level after level of a deep query that nobody waits for.
 * @param signal the request's.
 * @throws GraphQLError CLIENT_CLOSED_REQUEST, to every field that asked.
 */
export function batchWhileAwaited<K, V>(
  signal: AbortSignal,
  batch: (keys: readonly K[]) => Promise<V[]>,
): (keys: readonly K[]) => Promise<V[]> {
  return async (keys) => {
    if (signal.aborted) throw clientClosedRequest();
    return batch(keys);
  };
}
