import { describe, expect, it } from '@jest/globals';
import { median, percentile } from './statistics.ts';

describe('the median', () => {
  it('is the value in the middle, by size and not by digits', () => {
    expect(median([100, 9, 20])).toBe(20);
  });

  it('is between the two in the middle of an even count', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('leaves its values as they were', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('does not exist of nothing', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('a percentile', () => {
  const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);

  it('is the value at its rank', () => {
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 1)).toBe(100);
  });

  it('of few values is one of them', () => {
    expect(percentile(Float64Array.of(7), 0.99)).toBe(7);
    expect(percentile(Float64Array.of(1, 2, 3), 0.99)).toBe(3);
    expect(percentile(Float64Array.of(1, 2, 3), 0)).toBe(1);
  });

  it('does not exist of nothing', () => {
    expect(() => percentile(new Float64Array(), 0.5)).toThrow(RangeError);
  });
});
