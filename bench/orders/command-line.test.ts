import { describe, expect, it } from '@jest/globals';
import { measurements, modes, parseOptions } from './command-line.ts';

describe('the options of the benchmark of orders', () => {
  it('measure everything in both modes by default', () => {
    expect(parseOptions([])).toMatchObject({ modes, only: new Set(measurements), backlog: 50_000 });
  });

  it('choose a mode and what is measured', () => {
    const options = parseOptions(['--distributed', '--only', 'saga,gateway', '--seconds', '2']);

    expect(options).toMatchObject({
      modes: ['distributed'],
      only: new Set(['saga', 'gateway']),
      seconds: 2,
    });
  });

  it('are nothing to run where only help is wanted', () => {
    expect(parseOptions(['--help'])).toBeUndefined();
  });

  it.each([
    [
      ['--only', 'sagas'],
      'there is no "sagas"; there are ceilings, outbox, saga, gateway, recovery, backlog',
    ],
    [['--seconds', '0'], '--seconds must be a whole number of at least 1'],
    [['--rate', 'many'], '--rate must be a whole number of at least 1'],
  ])('are refused with a reason: %j', (argv, message) => {
    expect(() => parseOptions(argv)).toThrow(message);
  });
});
