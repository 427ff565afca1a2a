import { parse } from 'graphql';
import { maxOverlaps, overlapsTooMuch } from './overlapping-fields.ts';

const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
const overlaps = (source: string): boolean => overlapsTooMuch(parse(source));

describe('fields of one response key in one place', () => {
  it('may be as many as give so many pairs', () => {
    // n fields, and n times n - 1 by two pairs of them.
    const most = Math.floor((Math.sqrt(8 * maxOverlaps + 1) - 1) / 2);

    expect(overlaps(`{ ${times(most, () => 'version')} }`)).toBe(false);
    expect(overlaps(`{ ${times(most + 1, () => 'version')} }`)).toBe(true);
  });

  it.each([
    ['fields of objects', `{ ${times(700, () => 'me { x: manager { id } x: reviews y: name }')} }`],
    ['fields within them', `{ ${times(40, () => `me { ${times(20, () => 'manager { name }')} }`)} }`],
    ['inline fragments', `{ me { ${times(500, () => '... on Person { name }')} } }`],
    [
      'many fragments',
      `{ me { ${times(1_000, (index) => `...F${index}`)} } } ${times(1_000, (index) => `fragment F${index} on Person { a: id b: name }`)}`,
    ],
    ['a fragment that is not used', `{ version } fragment F on Query { ${times(500, () => 'version')} }`],
    [
      'fragments that double what is below them',
      `{ me { ...F0 } } ${times(30, (index) => `fragment F${index} on Person { a: manager { ...F${index + 1} } b: manager { ...F${index + 1} } }`)} fragment F30 on Person { name }`,
    ],
  ])('are counted in %s', (_what, source) => {
    expect(overlaps(source)).toBe(true);
  });

  it.each([
    ['of countless aliases', `{ ${times(4_000, (index) => `a${index}: version`)} }`],
    ['that hundreds of components ask for', `{ me { ${times(300, () => 'name')} } }`],
    [
      'of a fragment that many others spread',
      `{ me { ${times(300, (index) => `...F${index}`)} } } ${times(300, (index) => `fragment F${index} on Person { ...Who a${index}: name }`)} fragment Who on Person { id name nickname }`,
    ],
    ['that stand in different places', `{ ${times(1_000, (index) => `a${index}: me { name id }`)} }`],
  ])('are no trouble when they are those %s', (_what, source) => {
    expect(overlaps(source)).toBe(false);
  });

  it.each([
    ['in one place', '{ ...A } fragment A on Query { ...B version } fragment B on Query { ...A version }'],
    [
      'of places within each other',
      '{ me { ...A } } fragment A on Person { manager { ...B } reviews { by { ...A } } } fragment B on Person { manager { ...A } boss: manager { ...B } }',
    ],
  ])('are looked for in a circle of fragments %s only once', (_what, source) => {
    expect(overlaps(source)).toBe(false);
  });
});
