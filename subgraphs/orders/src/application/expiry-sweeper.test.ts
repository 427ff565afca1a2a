import { createLogger } from '@trellis/lifecycle';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startExpirySweeper } from './expiry-sweeper.ts';

const logger = createLogger('test', 'silent');

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function startSweeper(deadlines: (number | undefined)[], sweep: () => Promise<void> = async () => undefined) {
  const start = Date.now();
  const sweptAt: number[] = [];
  const sweeper = startExpirySweeper({
    async sweep() {
      sweptAt.push(Date.now() - start);
      await sweep();
    },
    nextDeadline: async () => {
      const next = deadlines.shift();
      return next === undefined ? undefined : new Date(start + next);
    },
    now: () => new Date(),
    maxSleepMs: 30_000,
    logger,
  });
  return { sweeper, sweptAt };
}

describe('the sweeper', () => {
  it('sweeps at the start and whenever a deadline comes', async () => {
    const { sweeper, sweptAt } = startSweeper([5_000, 12_000]);

    await jest.advanceTimersByTimeAsync(12_000);
    await sweeper.stop();

    expect(sweptAt).toEqual([0, 5_000, 12_000]);
  });

  it('looks again after the longest sleep when no deadline is near', async () => {
    const { sweeper, sweptAt } = startSweeper([undefined, 900_000]);

    await jest.advanceTimersByTimeAsync(60_000);
    await sweeper.stop();

    expect(sweptAt).toEqual([0, 30_000, 60_000]);
  });

  it('pauses when an order is overdue and cannot be had', async () => {
    const { sweeper, sweptAt } = startSweeper([-5_000, -5_000, -5_000, -5_000, -5_000, -5_000]);

    await jest.advanceTimersByTimeAsync(1_000);
    await sweeper.stop();

    expect(sweptAt).toHaveLength(6);
  });

  it('goes on after a failure', async () => {
    const { sweeper, sweptAt } = startSweeper([], () => Promise.reject(new Error('no connection')));

    await jest.advanceTimersByTimeAsync(30_000);
    await sweeper.stop();

    expect(sweptAt).toHaveLength(2);
  });

  it('sweeps no more once it is stopped', async () => {
    const { sweeper, sweptAt } = startSweeper([1_000]);

    await sweeper.stop();
    await jest.advanceTimersByTimeAsync(60_000);

    expect(sweptAt).toEqual([0]);
  });
});
