import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Stoppable } from '@trellis/lifecycle';
import { Piscina } from 'piscina';
import { PasswordHasherBusyError, type PasswordHasher } from '../application/password-hasher.ts';
import { unmatchableHash } from './unmatchable-hash.ts';

export interface BcryptHasherOptions {
  /** bcrypt's logarithm of rounds: 12 takes about a fifth of a second. */
  readonly cost: number;
  /** Worker threads at the most. Default: one for each processor. */
  readonly threads?: number | undefined;
  /** How many passwords may wait for each thread; the next one is refused. */
  readonly waitingPerThread: number;
}

/** Hashes passwords by bcrypt in worker threads, so that the main thread goes on answering. */
export function createBcryptHasher(
  options: BcryptHasherOptions,
): PasswordHasher & Stoppable & { completed(): number } {
  const { cost, threads = availableParallelism(), waitingPerThread } = options;
  const pool = new Piscina({
    filename: fileURLToPath(new URL('./bcrypt-worker.mjs', import.meta.url)),
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: 30_000,
    // The worker is plain JavaScript: a loader that the process was started with would only make it start slowly.
    execArgv: [],
  });
  const nobodysHash = unmatchableHash(cost);

  async function run<T>(task: Readonly<Record<string, unknown>>): Promise<T> {
    if (pool.queueSize >= waitingPerThread * threads) throw new PasswordHasherBusyError();
    return (await pool.run(task)) as T;
  }

  return {
    hash: (password) => run<string>({ kind: 'hash', password, cost }),
    async matches(password, hash) {
      const matches = await run<boolean>({ kind: 'compare', password, hash: hash ?? nobodysHash });
      return matches && hash !== undefined;
    },
    /** How many passwords have been hashed or compared. */
    completed: () => pool.completed,
    stop: () => pool.destroy(),
  };
}
