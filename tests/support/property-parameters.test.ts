import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { propertyParameters, propertyRuns } from './property-parameters.ts';

describe('the parameters of properties', () => {
  it('are in force in every test file', () => {
    expect(fc.readConfigureGlobal()).toEqual(propertyParameters(process.env));
  });

  it('are the same for each run that asks for no others', () => {
    expect(propertyParameters({})).toEqual({ numRuns: 100, seed: 1 });
    expect(propertyRuns(25, {})).toBe(25);
  });

  it('take another seed, and leave a random one to fast-check', () => {
    expect(propertyParameters({ PROPERTY_SEED: '-7' })).toEqual({ numRuns: 100, seed: -7 });
    expect(propertyParameters({ PROPERTY_SEED: 'random' })).toEqual({ numRuns: 100 });
  });

  it('take another number of runs for every property', () => {
    expect(propertyParameters({ PROPERTY_RUNS: '5000' }).numRuns).toBe(5_000);
    expect(propertyRuns(25, { PROPERTY_RUNS: '5000' })).toBe(5_000);
  });

  it.each([{ PROPERTY_SEED: 'seven' }, { PROPERTY_RUNS: '0' }])('refuse %j', (environment) => {
    expect(() => propertyParameters(environment)).toThrow('must be');
  });
});
