import { createAborting, type Aborting, type LeaveSignal } from '../aborting.ts';
import { remaining } from '../subgraph/traffic/deadline.ts';
import { SubrequestFailure } from '../subgraph/subrequest-failure.ts';

/** Work under way, which everybody who wants the same waits for. */
export interface InFlight<T> {
  /**
   * Waits for the work of this key, and begins it when it is not under way.
   * @throws what the work throws; the signal's reason when the caller left before the work ended, SubrequestFailure OPERATION_TIMEOUT when its time
   * was up.
   */
  join(key: string, caller: WaitingCaller, begin: (signal: LeaveSignal) => Promise<T>): Promise<T>;
}

/** Who waits, and how long. The work itself is aborted when all who wait for it have given up. */
export interface WaitingCaller {
  /** Aborted when the caller leaves. */
  readonly signal: LeaveSignal;
  /** When the caller's operation has no time left, on the clock of `performance.now()`. Absent: it waits for as long as it stays. */
  readonly deadlineAt?: number | undefined;
}

interface Waiter<T> {
  give(value: T): void;
  fail(reason: unknown): void;
}

interface Work<T> {
  readonly waiters: Set<Waiter<T>>;
  readonly aborting: Aborting;
}

/** @param copy makes a second value of one, for values that their receivers change. */
export function createInFlight<T>(copy: (value: T) => T = (value) => value): InFlight<T> {
  const underWay = new Map<string, Work<T>>();

  const forget = (key: string, work: Work<T>): void => {
    // Whoever comes now begins anew; somebody may have done so already.
    if (underWay.get(key) === work) underWay.delete(key);
  };

  const start = (key: string, begin: (signal: LeaveSignal) => Promise<T>): Work<T> => {
    const work: Work<T> = { waiters: new Set(), aborting: createAborting() };
    const ended = begin(work.aborting.signal);
    underWay.set(key, work);
    ended.then(
      (value) => {
        forget(key, work);
        const waiters = [...work.waiters];
        // All at once, before the first receiver changes its own.
        const values = waiters.map((_, index) => (index === 0 ? value : copy(value)));
        for (const [index, waiter] of waiters.entries()) waiter.give(values[index]!);
      },
      (error: unknown) => {
        forget(key, work);
        for (const waiter of work.waiters) waiter.fail(error);
      },
    );
    return work;
  };

  return {
    join: (key, caller, begin) =>
      new Promise((resolve, reject) => {
        const { signal, deadlineAt } = caller;
        signal.throwIfAborted();
        const leftMs =
          deadlineAt === undefined
            ? undefined
            : remaining({ endsAt: deadlineAt, timeoutCode: 'OPERATION_TIMEOUT' });
        const work = underWay.get(key) ?? start(key, begin);
        wait(work, signal, leftMs, { give: resolve, fail: reject }, (reason) => {
          forget(key, work);
          work.aborting.abort(reason);
        });
      }),
  };
}

/** Adds a waiter to some work. @param abandon is called when this was the last one and has given up. */
function wait<T>(
  { waiters }: Work<T>,
  signal: LeaveSignal,
  leftMs: number | undefined,
  { give, fail }: Waiter<T>,
  abandon: (reason: unknown) => void,
): void {
  const end = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  };
  const waiter: Waiter<T> = {
    give(value) {
      end();
      give(value);
    },
    fail(reason) {
      end();
      fail(reason);
    },
  };
  const giveUp = (reason: unknown): void => {
    waiter.fail(reason);
    waiters.delete(waiter);
    if (waiters.size === 0) abandon(reason);
  };
  const leave = (): void => giveUp(signal.reason);
  const timeOut = (): void =>
    giveUp(
      new SubrequestFailure('OPERATION_TIMEOUT', `no answer in ${Math.round(leftMs!)} ms`, {
        silentMs: leftMs!,
      }),
    );
  const timer = leftMs === undefined ? undefined : setTimeout(timeOut, leftMs);
  signal.addEventListener('abort', leave);
  waiters.add(waiter);
}
