import { expect, it } from '@jest/globals';
import { shareReads } from './shared-read.ts';

it('asks once for callers that come together with the same key', async () => {
  const asked: number[] = [];
  const read = shareReads(async (key: number) => asked.push(key));

  await Promise.all([read(1), read(1), read(2), read(1)]);

  expect(asked).toEqual([1, 2]);
});

it('never lets a caller join a read that has begun', async () => {
  const begun: (() => void)[] = [];
  let stored = 'old';
  const read = shareReads(async (_key: number) => {
    const seen = stored;
    await new Promise<void>((finish) => begun.push(finish));
    return seen;
  });
  const untilBegun = async (count: number): Promise<void> => {
    while (begun.length < count) await new Promise((resolve) => setImmediate(resolve));
  };

  const first = read(1);
  await untilBegun(1);
  stored = 'new';
  const second = read(1);
  await untilBegun(2);
  for (const finish of begun) finish();

  expect(await Promise.all([first, second])).toEqual(['old', 'new']);
});
