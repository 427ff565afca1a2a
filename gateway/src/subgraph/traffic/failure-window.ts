import { CircuitState, type IBreaker } from 'cockatiel';
import type { CircuitBreakerRules } from './traffic-rules.ts';

/** The window moves on by one of so many parts at a time. */
const partCount = 10;

interface Part {
  /** On the clock of `performance.now()`. */
  readonly beganAt: number;
  failures: number;
  requests: number;
}

/**
 * Says when a circuit opens: when more than a share of the requests of the last while have failed. In place of cockatiel's `SamplingBreaker`, which
 * moves its window on by one part for each request, however long ago the one before was: of a subgraph that is asked once a minute it
 * counts the failures of many minutes.
 */
export function createFailureWindow({
  failureRatio,
  minimumRequests,
  windowMs,
}: Omit<CircuitBreakerRules, 'openMs'>): IBreaker {
  /** The oldest first. */
  let parts: Part[] = [];

  const current = (): Part => {
    const now = performance.now();
    // A part counts while all of it lies within the window, so nothing counts for longer than that.
    if (parts[0] !== undefined && now - parts[0].beganAt >= windowMs)
      parts = parts.filter(({ beganAt }) => now - beganAt < windowMs);
    const last = parts.at(-1);
    if (last !== undefined && now - last.beganAt < windowMs / partCount) return last;
    const begun = { beganAt: now, failures: 0, requests: 0 };
    parts.push(begun);
    return begun;
  };
  const sumOf = (count: 'failures' | 'requests'): number => parts.reduce((sum, part) => sum + part[count], 0);

  return {
    // For circuits that outlive their process, which these do not.
    state: undefined,
    success(circuit) {
      // The trial went well: what was before is forgiven.
      if (circuit === CircuitState.HalfOpen) parts = [];
      current().requests += 1;
    },
    failure(circuit) {
      const part = current();
      part.requests += 1;
      part.failures += 1;
      if (circuit !== CircuitState.Closed) return true;
      const requests = sumOf('requests');
      return requests >= minimumRequests && sumOf('failures') > failureRatio * requests;
    },
  };
}
