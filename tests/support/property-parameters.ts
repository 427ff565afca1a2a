type Environment = Readonly<Record<string, string | undefined>>;

/** fast-check's own number of runs, where a property names none. */
const usualRuns = 100;

/**
 * How often a property is tried: as often as it needs to mean something, or what PROPERTY_RUNS says.
 * @throws when PROPERTY_RUNS is no number of runs.
 */
export function propertyRuns(usual: number, environment: Environment = process.env): number {
  const asked = environment['PROPERTY_RUNS'] ?? '';
  if (asked === '') return usual;
  if (!/^[1-9]\d{0,6}$/.test(asked)) throw new Error('PROPERTY_RUNS must be a number from 1 to 9999999');
  return Number(asked);
}

/**
 * What fast-check is told before every test file. With another seed each time, the check of one change would find the old faults of
 * others; so the seed is the same until PROPERTY_SEED says otherwise: a whole number, or `random`.
 * @throws when PROPERTY_SEED is neither.
 */
export function propertyParameters(environment: Environment): {
  readonly numRuns: number;
  readonly seed?: number;
} {
  const numRuns = propertyRuns(usualRuns, environment);
  const asked = environment['PROPERTY_SEED'] || '1';
  if (asked === 'random') return { numRuns };
  if (!/^-?\d{1,10}$/.test(asked)) throw new Error('PROPERTY_SEED must be a whole number, or random');
  return { numRuns, seed: Number(asked) };
}
