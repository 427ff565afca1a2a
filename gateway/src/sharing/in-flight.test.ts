import type { LeaveSignal } from '../aborting.ts';
import { createInFlight } from './in-flight.ts';

/** Work that ends when the test says. */
function createWork() {
  let end: (value: { n: number }) => void = () => {};
  let fail: (reason: unknown) => void = () => {};
  const ended = new Promise<{ n: number }>((resolve, reject) => ([end, fail] = [resolve, reject]));
  const signals: LeaveSignal[] = [];
  return {
    signals,
    end,
    fail,
    begin: (signal: LeaveSignal) => {
      signals.push(signal);
      return ended;
    },
  };
}

const forever = new AbortController().signal;

describe('work in flight', () => {
  it('is begun once for all who want the same', async () => {
    const inFlight = createInFlight<{ n: number }>();
    const work = createWork();
    const both = [1, 2].map(() => inFlight.join('a', { signal: forever }, work.begin));

    work.end({ n: 1 });

    expect(await Promise.all(both)).toEqual([{ n: 1 }, { n: 1 }]);
    expect(work.signals).toHaveLength(1);
  });

  it('gives each a value of its own, made before anybody changes theirs', async () => {
    const inFlight = createInFlight<{ n: number }>((value) => ({ ...value }));
    const work = createWork();
    const changed = [1, 2, 3].map(async () => {
      const value = await inFlight.join('a', { signal: forever }, work.begin);
      value.n += 1;
      return value;
    });

    work.end({ n: 1 });

    expect(await Promise.all(changed)).toEqual([{ n: 2 }, { n: 2 }, { n: 2 }]);
  });

  it('is begun again when it has ended, and for another key', async () => {
    const inFlight = createInFlight<{ n: number }>();
    const [first, other] = [createWork(), createWork()];
    const joined = inFlight.join('a', { signal: forever }, first.begin);
    const elsewhere = inFlight.join('b', { signal: forever }, other.begin);
    first.end({ n: 1 });
    other.end({ n: 2 });
    expect([await joined, await elsewhere]).toEqual([{ n: 1 }, { n: 2 }]);

    const again = createWork();
    again.end({ n: 3 });

    expect(await inFlight.join('a', { signal: forever }, again.begin)).toEqual({ n: 3 });
  });

  it('fails for all who wait, and is begun again after that', async () => {
    const inFlight = createInFlight<{ n: number }>();
    const work = createWork();
    const both = [1, 2].map(() => inFlight.join('a', { signal: forever }, work.begin));
    work.fail(new Error('no'));
    for (const one of both) await expect(one).rejects.toThrow('no');

    const again = createWork();
    again.end({ n: 1 });

    expect(await inFlight.join('a', { signal: forever }, again.begin)).toEqual({ n: 1 });
  });

  it('goes on while anybody waits for it, whoever began it', async () => {
    const inFlight = createInFlight<{ n: number }>();
    const work = createWork();
    const leaving = new AbortController();
    const left = inFlight.join('a', { signal: leaving.signal }, work.begin);
    const waiting = inFlight.join('a', { signal: forever }, work.begin);

    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    expect(work.signals[0]!.aborted).toBe(false);
    work.end({ n: 1 });

    expect(await waiting).toEqual({ n: 1 });
  });

  it('is aborted when all have left, and whoever comes then begins anew', async () => {
    const inFlight = createInFlight<{ n: number }>();
    const work = createWork();
    const leaving = new AbortController();
    const left = [1, 2].map(() => inFlight.join('a', { signal: leaving.signal }, work.begin));

    leaving.abort(new Error('left'));
    const late = createWork();
    const answered = inFlight.join('a', { signal: forever }, late.begin);

    for (const one of left) await expect(one).rejects.toThrow('left');
    expect(work.signals[0]!.aborted).toBe(true);
    work.fail(work.signals[0]!.reason);
    late.end({ n: 2 });
    expect(await answered).toEqual({ n: 2 });
  });

  it('is not begun for somebody who has left', async () => {
    const work = createWork();

    await expect(
      createInFlight().join('a', { signal: AbortSignal.abort(new Error('left')) }, work.begin),
    ).rejects.toThrow('left');
    expect(work.signals).toHaveLength(0);
  });
});
