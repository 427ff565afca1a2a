import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger, startPeriodicTask } from './index.ts';

const logger = createLogger('test', 'silent');

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('a periodic task', () => {
  it('runs at every interval, also after a failure, and no more once stopped', async () => {
    let runs = 0;
    const task = startPeriodicTask(
      'counting',
      1_000,
      async () => {
        runs++;
        throw new Error('failed');
      },
      logger,
    );
    await jest.advanceTimersByTimeAsync(3_000);
    expect(runs).toBe(3);
    await task.stop();
    await jest.advanceTimersByTimeAsync(3_000);
    expect(runs).toBe(3);
  });

  it('never runs twice at once, and is waited for when stopping', async () => {
    let runs = 0;
    let finish = (): void => undefined;
    const task = startPeriodicTask(
      'waiting',
      1_000,
      () => {
        runs++;
        return new Promise<void>((resolve) => (finish = resolve));
      },
      logger,
    );
    await jest.advanceTimersByTimeAsync(5_000);
    expect(runs).toBe(1);
    let stopped = false;
    const stopping = task.stop().then(() => (stopped = true));
    await jest.advanceTimersByTimeAsync(0);
    expect(stopped).toBe(false);
    finish();
    await stopping;
    expect(stopped).toBe(true);
  });
});
