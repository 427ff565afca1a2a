import { createRetryBudget } from './retry-budget.ts';
import { readRetryAfter, withRetries, type RetryClock, type RetryPlan } from './retry.ts';
import { SubrequestFailure, type FailureDetails } from '../subrequest-failure.ts';

describe('retries', () => {
  let pauses: number[];
  let time: number;
  let chance: number;
  let attempts: number;
  const clock: RetryClock = {
    random: () => chance,
    now: () => time,
    async pause(ms, signal) {
      signal.throwIfAborted();
      pauses.push(ms);
      time += ms;
    },
  };
  beforeEach(() => {
    pauses = [];
    time = 0;
    chance = 0.5;
    attempts = 0;
  });

  const plan = (changes: Partial<RetryPlan> = {}): RetryPlan => ({
    retries: 4,
    budget: createRetryBudget(),
    endsAt: 10_000,
    signal: new AbortController().signal,
    ...changes,
  });
  const unreachable = (details: FailureDetails = {}) =>
    new SubrequestFailure('SUBREQUEST_HTTP_ERROR', 'ECONNREFUSED', details);
  const failing = (error: Error) => async (): Promise<never> => {
    attempts += 1;
    throw error;
  };

  it('end with the first attempt that succeeds', async () => {
    const attempt = async (): Promise<string> => {
      attempts += 1;
      if (attempts < 3) throw unreachable();
      return 'done';
    };

    expect(await withRetries(attempt, plan(), clock)).toBe('done');
    expect(attempts).toBe(3);
  });

  it('end with the last failure', async () => {
    const failure = unreachable();

    await expect(withRetries(failing(failure), plan({ retries: 2 }), clock)).rejects.toBe(failure);
    expect(attempts).toBe(3);
  });

  it('pause at random below a bound that doubles', async () => {
    await expect(withRetries(failing(unreachable()), plan(), clock)).rejects.toThrow();
    expect(pauses).toEqual([50, 100, 200, 400]);

    pauses = [];
    chance = 0;
    await expect(withRetries(failing(unreachable()), plan(), clock)).rejects.toThrow();
    expect(pauses).toEqual([0, 0, 0, 0]);
  });

  it('pause no longer than two seconds however often they are made', async () => {
    chance = 1;
    await expect(
      withRetries(failing(unreachable()), plan({ retries: 7, endsAt: Infinity }), clock),
    ).rejects.toThrow();

    expect(Math.max(...pauses)).toBe(2_000);
  });

  it('wait as long as the subgraph asks, where the deadline leaves the time', async () => {
    await expect(
      withRetries(failing(unreachable({ status: 503, retryAfterMs: 3_000 })), plan(), clock),
    ).rejects.toThrow();

    expect(pauses).toEqual([3_050, 3_100, 3_200]);
  });

  it.each([
    ['a status that will not change', new SubrequestFailure('SUBREQUEST_HTTP_ERROR', '', { status: 500 })],
    ['a deadline that has passed', new SubrequestFailure('SUBREQUEST_TIMEOUT', '')],
    ['a malformed response', new SubrequestFailure('SUBREQUEST_MALFORMED_RESPONSE', '')],
    ['an open circuit', new SubrequestFailure('SUBREQUEST_CIRCUIT_OPEN', '')],
    ['a client that left', new Error('left')],
  ])('are not made after %s', async (_what, error) => {
    await expect(withRetries(failing(error), plan(), clock)).rejects.toBe(error);
    expect(attempts).toBe(1);
  });

  it('are given up when the client leaves', async () => {
    const leaving = new AbortController();
    const attempt = failing(unreachable());
    leaving.abort(new Error('left'));

    await expect(withRetries(attempt, plan({ signal: leaving.signal }), clock)).rejects.toThrow('left');
    expect(attempts).toBe(1);
  });

  it('are one for ten requests in an outage that lasts', async () => {
    const budget = createRetryBudget();
    const send = () => withRetries(failing(unreachable()), plan({ budget, endsAt: Infinity }), clock);
    const requests = 1_000;

    for (let request = 0; request < requests; request++) await expect(send()).rejects.toThrow();

    // Ten more were saved before it began.
    expect(attempts - requests).toBeLessThanOrEqual(requests / 10 + 10);
    expect(attempts - requests).toBeGreaterThan(requests / 10);
  });
});

describe('a Retry-After header', () => {
  const now = Date.parse('2026-01-31T09:30:00Z');

  it.each([
    ['3', 3_000],
    ['Sat, 31 Jan 2026 09:30:05 GMT', 5_000],
    ['Sat, 31 Jan 2026 09:00:00 GMT', 0],
    ['9999999999', 9_999_999_999_000],
    ['soon', undefined],
    ['-1', undefined],
    [undefined, undefined],
  ])('%s is %s milliseconds', (value, expected) => {
    expect(readRetryAfter(value, now)).toBe(expected);
  });
});
