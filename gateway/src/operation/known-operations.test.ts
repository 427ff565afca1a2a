import type { PlannedOperation } from './planned-operation.ts';
import { createKnownOperations } from './known-operations.ts';

const planned = { plan: { kind: 'QueryPlan' } } as PlannedOperation;
const mebibyte = 1024 * 1024;

describe('known operations', () => {
  it('are found by their text and the operation’s name', () => {
    const known = createKnownOperations(mebibyte);
    const other = { ...planned };
    known.remember('query A { a } query B { b }', 'B', planned);
    known.remember('query A { a } query B { b }', 'A', other);

    expect(known.find('query A { a } query B { b }', 'B')).toBe(planned);
    expect(known.find('query A { a } query B { b }', 'A')).toBe(other);
    expect(known.find('query A { a } query B { b }', '')).toBeUndefined();
    expect(known.find('query A { a }', 'B')).toBeUndefined();
  });

  it('are forgotten when they weigh too much together, those used longest ago first', () => {
    const known = createKnownOperations(mebibyte);
    const texts = Array.from({ length: 100 }, (_, index) => `{ a${index} ${' '.repeat(10_000)} }`);
    known.remember('{ first }', '', planned);
    for (const text of texts) {
      known.remember(text, '', planned);
      known.find('{ first }', '');
    }

    expect(known.find('{ first }', '')).toBe(planned);
    expect(known.find(texts[0]!, '')).toBeUndefined();
    expect(known.find(texts.at(-1)!, '')).toBe(planned);
  });

  it('do not include one so large that most others would go for it', () => {
    const known = createKnownOperations(mebibyte);
    const text = `{ a ${' '.repeat(300_000)} }`;
    known.remember(text, '', planned);

    expect(known.find(text, '')).toBeUndefined();
  });
});
