import { createAborting, type Aborting, type LeaveSignal } from '../execution/aborting.ts';

/** Work under way, which everybody who wants the same waits for. */
export interface InFlight<T> {
  /**
   * Waits for the work of this key, and begins it when it is not under way.
   * @param signal gives this waiter up, at once. The work itself is aborted when all its waiters have been.
   * @throws what the work throws; the signal's reason when it was aborted before the work ended.
   */
  join(key: string, signal: LeaveSignal, begin: (signal: LeaveSignal) => Promise<T>): Promise<T>;
}

interface Work<T> {
  /** A value for each who waits when the work ends. */
  readonly values: Promise<T[]>;
  readonly aborting: Aborting;
  waiting: number;
}

/** @param copy makes a second value of one, for values that their receivers change. */
export function createInFlight<T>(copy: (value: T) => T = (value) => value): InFlight<T> {
  const underWay = new Map<string, Work<T>>();

  const start = (key: string, begin: (signal: LeaveSignal) => Promise<T>): Work<T> => {
    const aborting = createAborting();
    const end = (): void => {
      if (underWay.get(key) === work) underWay.delete(key);
    };
    const values = begin(aborting.signal)
      .finally(end)
      .then((value) => {
        const given = [value];
        // All at once, before the first receiver changes its own.
        while (given.length < work.waiting) given.push(copy(value));
        return given;
      });
    const work: Work<T> = { values, aborting, waiting: 0 };
    underWay.set(key, work);
    return work;
  };

  return {
    async join(key, signal, begin) {
      signal.throwIfAborted();
      const work = underWay.get(key) ?? start(key, begin);
      work.waiting += 1;
      let markLeft = (): void => {};
      const left = new Promise<T[]>((resolve) => (markLeft = () => resolve([])));
      const leave = (): void => {
        markLeft();
        work.waiting -= 1;
        if (work.waiting > 0) return;
        // Whoever comes now begins anew.
        if (underWay.get(key) === work) underWay.delete(key);
        work.aborting.abort(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      try {
        const values = await Promise.race([work.values, left]);
        // There is no value for who has left.
        signal.throwIfAborted();
        return values.pop()!;
      } finally {
        signal.removeEventListener('abort', leave);
      }
    },
  };
}
