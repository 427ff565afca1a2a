import { onceAMinute } from './once-a-minute.ts';

describe('what strangers can cause', () => {
  it('is news once a minute, by its reason', () => {
    let time = 0;
    const isNews = onceAMinute(() => time);

    expect(['a', 'a', 'b'].map(isNews)).toEqual([true, false, true]);
    time = 59_999;
    expect(isNews('a')).toBe(false);
    time = 60_000;
    expect(isNews('a')).toBe(true);
  });

  it('is no news any more when there are too many reasons', () => {
    const isNews = onceAMinute(() => 0);

    const told = Array.from({ length: 100 }, (_, index) => isNews(`reason ${index}`));

    expect(told.filter(Boolean)).toHaveLength(20);
  });
});
