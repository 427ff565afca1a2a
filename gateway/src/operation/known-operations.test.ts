import { createKnownOperations } from './known-operations.ts';
import type { PlannedOperation } from './planned-operation.ts';

const planned = {} as PlannedOperation;

describe('known operations', () => {
  it('are found by their text and the operation’s name', () => {
    const known = createKnownOperations(2);
    known.remember('query A { a } query B { b }', 'B', planned);

    expect(known.find('query A { a } query B { b }', 'B')).toBe(planned);
    expect(known.find('query A { a } query B { b }', 'A')).toBeUndefined();
    expect(known.find('query A { a } query B { b }', '')).toBeUndefined();
    expect(known.find('query A { a }', 'B')).toBeUndefined();
  });

  it('are forgotten when there are too many', () => {
    const known = createKnownOperations(2);
    for (const text of ['a', 'b', 'c']) known.remember(text, '', planned);

    expect(['a', 'b', 'c'].map((text) => known.find(text, ''))).toEqual([undefined, planned, planned]);
  });

  it('do not include texts so long that they would fill memory', () => {
    const known = createKnownOperations(2);
    const text = `{ a ${' '.repeat(20_000)} }`;
    known.remember(text, '', planned);

    expect(known.find(text, '')).toBeUndefined();
  });
});
