import { PasswordHasherBusyError } from '../application/password-hasher.ts';

/** Lets a few works run at once and the others wait, first come, first served. */
export interface WaitingLine {
  /**
   * Does a work when its turn comes.
   * @param signal takes it out of the line; a work that has begun is finished.
   * @throws PasswordHasherBusyError when no place is left to wait; the signal's reason when it aborts before the work begins.
   */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/**
 * @param atOnce how many works run at the same time.
 * @param places how many may wait.
 */
export function createWaitingLine(atOnce: number, places: number): WaitingLine {
  const waiting = new Set<() => void>();
  let running = 0;

  async function takeTurn(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (running < atOnce) {
      running++;
      return;
    }
    if (waiting.size >= places) throw new PasswordHasherBusyError();
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        waiting.delete(begin);
        reject(signal?.reason as Error);
      };
      const begin = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      waiting.add(begin);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  function passTurn(): void {
    const [next] = waiting;
    if (next === undefined) {
      running--;
      return;
    }
    waiting.delete(next);
    next();
  }

  return {
    async run(work, signal) {
      await takeTurn(signal);
      try {
        return await work();
      } finally {
        passTurn();
      }
    },
  };
}
