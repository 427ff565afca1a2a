import { describe, expect, it } from '@jest/globals';
import { quartersOf } from './measure-backlog.ts';

describe('memory over time', () => {
  it('is told by the highest of each quarter', () => {
    expect(quartersOf([1, 5, 2, 2, 9, 3, 4, 4])).toEqual([5, 2, 9, 4]);
  });

  it('has four quarters even of a single look', () => {
    expect(quartersOf([7])).toEqual([7, 7, 7, 7]);
  });
});
