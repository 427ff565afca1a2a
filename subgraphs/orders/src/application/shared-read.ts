/**
 * Lets calls with the same key that come together share one read: a thousand streams that one change wakes ask the database once.
 * A call never joins a read that has begun, which may have missed what woke the caller.
 */
export function shareReads<Args extends readonly (string | number)[], T>(
  read: (...args: Args) => Promise<T>,
): (...args: Args) => Promise<T> {
  const waiting = new Map<string, Promise<T>>();
  return (...args) => {
    const key = args.join(' ');
    const known = waiting.get(key);
    if (known !== undefined) return known;
    const shared = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      waiting.delete(key);
      return read(...args);
    });
    waiting.set(key, shared);
    return shared;
  };
}
