import type { LeaveSignal } from '../../aborting.ts';
import type { RetryBudget } from './retry-budget.ts';
import { isTransient } from '../subrequest-failure.ts';

/** What retries depend on besides the request; tests bring their own. */
export interface RetryClock {
  /** A number from 0 up to 1. */
  random(): number;
  /** Milliseconds that only ever grow. */
  now(): number;
  /** Fulfilled after so many milliseconds; rejected with the signal's reason when that is aborted before. */
  pause(ms: number, signal: LeaveSignal): Promise<void>;
}

export interface RetryPlan {
  /** How often the request may be sent again. */
  readonly retries: number;
  readonly budget: RetryBudget;
  /** No attempt begins after this, on the clock. */
  readonly endsAt: number;
  readonly signal: LeaveSignal;
}

/** The longest pause before the first retry; it doubles with each further one. */
const firstPauseMs = 100;
const longestPauseMs = 2_000;

/**
 * Makes an attempt, and again while it fails in a way that may pass. Pauses are random from nothing to a bound that doubles ("full
 * jitter", M. Brooker, Exponential Backoff And Jitter), so that clients that failed together do not come back together; a subgraph that says
 * how long it wants to be left alone (`Retry-After`) is left alone that long.
 * @throws what the last attempt threw.
 */
export function withRetries<T>(
  attempt: () => Promise<T>,
  plan: RetryPlan,
  clock: RetryClock = systemClock,
): Promise<T> {
  plan.budget.earn();
  return attempt().catch((failure: unknown) => tryAgain(failure, attempt, plan, clock));
}

/** @param failure of the first attempt. */
async function tryAgain<T>(
  failure: unknown,
  attempt: () => Promise<T>,
  plan: RetryPlan,
  clock: RetryClock,
): Promise<T> {
  let last = failure;
  for (let retry = 0; ; retry++) {
    if (retry >= plan.retries || !isTransient(last)) throw last;
    const jitter = clock.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** retry);
    const pauseMs = (last.details.retryAfterMs ?? 0) + jitter;
    if (clock.now() + pauseMs >= plan.endsAt || !plan.budget.spend()) throw last;
    await clock.pause(pauseMs, plan.signal);
    try {
      return await attempt();
    } catch (error) {
      last = error;
    }
  }
}

/**
 * Reads a `Retry-After` header (RFC 9110, section 10.2.3): seconds, or a date.
 * @param now milliseconds since the epoch.
 * @returns milliseconds; undefined when there is none or it cannot be read.
 */
export function readRetryAfter(value: string | string[] | undefined, now = Date.now()): number | undefined {
  if (typeof value !== 'string') return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  // A date begins with its day of the week; what else can be parsed is not meant.
  const at = /^[A-Z]/i.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

const systemClock: RetryClock = {
  random: Math.random,
  now: () => performance.now(),
  async pause(ms, signal) {
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });
    signal.throwIfAborted();
  },
};
