import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Stoppable } from '@trellis/lifecycle';
import bcrypt from 'bcryptjs';
import { Piscina } from 'piscina';
import type { PasswordHasher } from '../application/password-hasher.ts';
import { unmatchableHash } from './unmatchable-hash.ts';
import { createWaitingLine } from './waiting-line.ts';

export interface BcryptHasherOptions {
  /** bcrypt's logarithm of rounds: 12 takes about a fifth of a second. */
  readonly cost: number;
  /** The costs of the hashes that are stored: after the cost was changed, other ones than `cost`. */
  readonly storedCosts?: readonly number[];
  /** Worker threads at the most. Default: one for each processor. */
  readonly threads?: number | undefined;
  /** How many passwords may wait for each thread; the next one is refused. */
  readonly waitingPerThread: number;
}

interface Worked<T> {
  readonly result: T;
  readonly rounds: number;
}

/** Hashes passwords by bcrypt in worker threads, so that the main thread goes on answering. */
export function createBcryptHasher(
  options: BcryptHasherOptions,
): PasswordHasher & Stoppable & { rounds(): number } {
  const { cost, storedCosts = [], threads = availableParallelism(), waitingPerThread } = options;
  const pool = new Piscina({
    filename: fileURLToPath(new URL('./bcrypt-worker.mjs', import.meta.url)),
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: 30_000,
    // The worker is plain JavaScript: a loader that the process was started with would only make it start slowly.
    execArgv: [],
  });
  // In front of the pool, whose own queue can only be left by ending the worker.
  const line = createWaitingLine(threads, waitingPerThread * threads);
  /** What every comparison that fails costs. */
  let dearestCost = Math.max(cost, ...storedCosts);
  let rounds = 0;

  async function run<T>(task: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<T> {
    const worked = await line.run(() => pool.run(task) as Promise<Worked<T>>, signal);
    rounds += worked.rounds;
    return worked.result;
  }

  /** The rounds that a hash of this cost lacks: 2^n and all powers of two from there on are 2^m together. */
  function paddingOf(hashCost: number): string[] {
    return Array.from({ length: dearestCost - hashCost }, (_, index) => unmatchableHash(hashCost + index));
  }

  return {
    hash: (password, signal) => run<string>({ kind: 'hash', password, cost }, signal),
    async matches(password, hash, signal) {
      const hashCost = hash === undefined ? dearestCost : bcrypt.getRounds(hash);
      // A replica with another setting may have stored it since this one started.
      dearestCost = Math.max(dearestCost, hashCost);
      const compared = hash ?? unmatchableHash(dearestCost);
      const task = { kind: 'compare', password, hash: compared, padding: paddingOf(hashCost) };
      return (await run<boolean>(task, signal)) && hash !== undefined;
    },
    isOutdated: (hash) => bcrypt.getRounds(hash) !== cost,
    /** How many rounds of bcrypt's key schedule were worked. */
    rounds: () => rounds,
    stop: () => pool.destroy(),
  };
}
