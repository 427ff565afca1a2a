import { describe, expect, it } from '@jest/globals';
import { chosen, parseOptions } from './command-line.ts';

describe('the command line of the benchmark', () => {
  it('has defaults for everything', () => {
    expect(parseOptions([])).toMatchObject({ rounds: 5, connections: 32, only: undefined, cold: false });
  });

  it('takes lists with commas', () => {
    expect(parseOptions(['--only', 'ours,stock', '--queries', 'big'])).toMatchObject({
      only: ['ours', 'stock'],
      queries: ['big'],
    });
  });

  it.each([['--rounds', '-1'], ['--seconds=0'], ['--connections', 'many'], ['--colder']])(
    'refuses %s %s',
    (...argv) => {
      expect(() => parseOptions(argv)).toThrow();
    },
  );

  it('refuses names of nothing, and keeps the order of what there is', () => {
    const things = [{ name: 'stock' }, { name: 'hive' }, { name: 'ours' }];
    expect(chosen(things, ['ours', 'stock'])).toEqual([{ name: 'stock' }, { name: 'ours' }]);
    expect(() => chosen(things, ['our'])).toThrow('there is no "our"; there are stock, hive, ours');
  });
});
