import { describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { closedLoop, openLoop, summary } from './load.ts';

const window = { warmUpSeconds: 0.02, seconds: 0.1 };

describe('a closed loop', () => {
  it('has as much under way as it has workers, and no more', async () => {
    let underWay = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++underWay);
      await pause(5);
      underWay--;
    };

    await closedLoop([work, work, work], window);

    expect(most).toBe(3);
  });

  it('ends with the failure of a worker', async () => {
    const work = () => Promise.reject(new Error('no stock'));

    await expect(closedLoop([work], window)).rejects.toThrow('no stock');
  });
});

describe('an open loop', () => {
  it('begins at its rate whatever became of the work before', async () => {
    let begun = 0;
    let end: () => void = () => undefined;
    const all = new Promise<void>((resolve) => (end = resolve));
    const loop = openLoop(
      [
        () => {
          if (++begun === 12) end();
          return all;
        },
      ],
      100,
      window,
    );

    expect((await loop).ended).toBe(10);
  });

  it('counts the time that work waited to begin', async () => {
    const stall = () => {
      for (const until = performance.now() + 30; performance.now() < until;);
      return Promise.resolve();
    };

    const { maxMs } = await openLoop([stall], 100, window);

    // Each takes 30 ms and they are due every 10: the last of them is behind by far more than it takes itself.
    expect(maxMs).toBeGreaterThan(60);
  });
});

describe('the summary of times', () => {
  it('tells the middle, the tail and the rate', () => {
    const times = Array.from({ length: 100 }, (_, index) => 100 - index);

    expect(summary(times, 2)).toEqual({ ended: 100, perSecond: 50, p50Ms: 50, p99Ms: 99, maxMs: 100 });
  });

  it('refuses to speak of nothing', () => {
    expect(() => summary([], 1)).toThrow('nothing ended while it was measured');
  });
});
