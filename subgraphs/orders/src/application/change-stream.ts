import { setTimeout as pause } from 'node:timers/promises';

/** Where a stream gets its items from. */
export interface ChangeSource<T> {
  /** Calls back whenever there may be something new. @returns ends it. */
  readonly watch: (wake: () => void) => () => void;
  /** What is new since the last call, oldest first, and whether there is more already. */
  readonly readNew: () => Promise<{ readonly items: readonly T[]; readonly more: boolean }>;
  /** Whether nothing can follow this item. */
  readonly isLast: (item: T) => boolean;
  readonly onFailure: (error: unknown) => void;
}

const retryMs = 1_000;

/**
 * A stream of what happens from now on. It is pulled: nothing is read before it is asked for, so a slow reader holds one page, whatever
 * happens meanwhile. A source that fails is asked again. The source is watched until the last item, or until the reader leaves
 * (`return`), which takes effect also while the stream waits.
 */
export function openChangeStream<T>(source: ChangeSource<T>): AsyncIterableIterator<T, void> {
  const left = new AbortController();
  let woken = true;
  let ring: () => void = () => undefined;
  const stopWatching = source.watch(() => {
    woken = true;
    ring();
  });
  const leave = (): void => {
    stopWatching();
    left.abort();
    ring();
  };

  async function* items(): AsyncGenerator<T, void> {
    try {
      while (!left.signal.aborted) {
        if (!woken) await new Promise<void>((resolve) => (ring = resolve));
        // Before the read: a change that comes during it may be missed by it and asks for another.
        woken = false;
        for (const item of await read()) {
          if (left.signal.aborted) return;
          yield item;
          if (source.isLast(item)) return;
        }
      }
    } finally {
      leave();
    }
  }

  async function read(): Promise<readonly T[]> {
    if (left.signal.aborted) return [];
    try {
      const page = await source.readNew();
      if (page.more) woken = true;
      return page.items;
    } catch (error) {
      source.onFailure(error);
      woken = true;
      await pause(retryMs, undefined, { signal: left.signal }).catch(() => undefined); // the reader left
      return [];
    }
  }

  const generator = items();
  return {
    next: () => generator.next(),
    // A generator's own `return` waits for the `await` that it stands at: left first, there is nothing to wait for.
    return() {
      leave();
      return generator.return();
    },
    throw(error) {
      leave();
      return generator.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
