import { describe, expect, it, jest } from '@jest/globals';
import { openChangeStream, type ChangeSource } from './change-stream.ts';

/** A source that a test fills. Nothing follows `'end'`. */
function testSource(change: Partial<ChangeSource<string>> = {}) {
  const stored: string[] = [];
  const watchers = new Set<() => void>();
  let told = 0;
  let reads = 0;
  return {
    watchers,
    reads: () => reads,
    /** Adds items without a word. */
    store: (...items: string[]) => stored.push(...items),
    wake: () => watchers.forEach((wake) => wake()),
    open: () =>
      openChangeStream<string>({
        watch(wake) {
          watchers.add(wake);
          return () => watchers.delete(wake);
        },
        async readNew() {
          reads++;
          const items = stored.slice(told, told + 2);
          told += items.length;
          return { items, more: told < stored.length };
        },
        isLast: (item) => item === 'end',
        onFailure: () => undefined,
        ...change,
      }),
  };
}

async function readAll(stream: AsyncIterable<string>): Promise<string[]> {
  const items: string[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe('a stream of changes', () => {
  it('tells what is there and what comes, once and in order', async () => {
    const source = testSource();
    source.store('a', 'b', 'c');
    const stream = source.open();

    expect((await stream.next()).value).toBe('a');
    source.store('d');
    source.wake();
    source.wake();
    source.store('end');
    source.wake();

    expect(await readAll(stream)).toEqual(['b', 'c', 'd', 'end']);
  });

  it('reads again when it is woken during a read', async () => {
    const answers = [['first'], ['end']];
    const source = testSource({
      async readNew() {
        const items = answers.shift() ?? [];
        source.wake(); // what comes now is not in the answer any more
        return { items, more: false };
      },
    });

    expect(await readAll(source.open())).toEqual(['first', 'end']);
  });

  it('watches until the last item', async () => {
    const source = testSource();
    source.store('end');
    const stream = source.open();
    expect(source.watchers.size).toBe(1);

    await readAll(stream);

    expect(source.watchers.size).toBe(0);
  });

  it('lets a reader leave while it waits', async () => {
    const source = testSource();
    const stream = source.open();
    const waiting = stream.next();
    while (source.reads() === 0) await Promise.resolve();

    await stream.return?.();

    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(source.watchers.size).toBe(0);
  });

  it('lets a reader leave that never asked for anything', async () => {
    const source = testSource();
    const stream = source.open();

    await stream.return?.();

    expect(source.watchers.size).toBe(0);
    expect(source.reads()).toBe(0);
  });

  it('reads one page ahead of a slow reader and no more', async () => {
    const source = testSource();
    source.store(...Array.from({ length: 1_000 }, (_, index) => `item ${index}`));
    const stream = source.open();

    await stream.next();
    for (let times = 0; times < 1_000; times++) source.wake();
    await stream.next();

    expect(source.reads()).toBe(1);
    await stream.return?.();
  });

  it('asks again a source that fails, without being woken', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const failures: unknown[] = [];
    const source = testSource({
      readNew: async () => {
        if (failures.length === 0) throw new Error('no connection');
        return { items: ['end'], more: false };
      },
      onFailure: (error) => failures.push(error),
    });

    const told = readAll(source.open());
    while (failures.length === 0) await Promise.resolve();
    await jest.advanceTimersByTimeAsync(1_000);
    jest.useRealTimers();

    expect(await told).toEqual(['end']);
  });
});
