import { isTooDeepJson, isTooDeepText, maxJsonDepth } from './json-depth.ts';

const lists = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const objects = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
/** Closes as many as it opens, in strings, and so does not look deep to who counts brackets. */
const disguised = (depth: number): string => `${'["]\\"]",'.repeat(depth)}1${']'.repeat(depth)}`;

describe('JSON that nests too deeply', () => {
  it.each([
    ['lists', lists],
    ['objects', objects],
    ['brackets in strings', disguised],
  ])('is known by its text and by its value, made of %s', (_what, nested) => {
    for (const [depth, isTooDeep] of [
      [maxJsonDepth, false],
      [maxJsonDepth + 1, true],
    ] as const) {
      expect(isTooDeepText(nested(depth))).toBe(isTooDeep);
      expect(isTooDeepJson(JSON.parse(nested(depth)))).toBe(isTooDeep);
    }
  });

  it('is not what is merely long', () => {
    const long = `[${Array.from({ length: maxJsonDepth }, () => '{"a":["[[[\\\\"]}').join(',')}]`;

    expect(isTooDeepText(long)).toBe(false);
    expect(isTooDeepJson(JSON.parse(long))).toBe(false);
  });

  it('is found without descending to its end', () => {
    expect(isTooDeepJson(JSON.parse(lists(200_000)))).toBe(true);
  });
});
