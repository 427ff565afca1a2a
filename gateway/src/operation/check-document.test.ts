import { createLibraryGeneration } from '../testing/library-generation.ts';
import { checkDocument, documentKey, maxDocumentTokens } from './check-document.ts';

const generation = createLibraryGeneration();

const codes = (source: string) => {
  const checked = checkDocument(generation, source);
  return checked.kind === 'valid' ? [] : checked.errors.map(({ extensions }) => extensions['code']);
};

describe('checkDocument', () => {
  it('takes what fits the schema, and knows it the second time', () => {
    const first = checkDocument(generation, '{ me { name } }');
    const second = checkDocument(generation, '{ me { name } }');

    if (first.kind !== 'valid' || second.kind !== 'valid') throw new Error('not valid');
    expect(second.document).toBe(first.document);
  });

  it.each([
    ['has a syntax error', '{'],
    ['does not fit the schema', '{ a }'],
    ['takes too much of the cache', `{ me { name } } ${' '.repeat(70_000)}`],
  ])('does not keep a document that %s', (_what, source) => {
    const own = createLibraryGeneration();

    expect(checkDocument(own, source)).not.toBe(checkDocument(own, source));
    expect(own.documents.get(documentKey(source))).toBeUndefined();
  });

  it('tells syntax from validation', () => {
    expect(codes('{')).toEqual(['GRAPHQL_PARSE_FAILED']);
    expect(codes('{ a b }')).toEqual(['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_VALIDATION_FAILED']);
  });

  it('does not read a document of countless tokens to its end', () => {
    // An alias, a colon and a name.
    const fields = Math.floor(maxDocumentTokens / 3);
    const document = (count: number) =>
      `{ ${Array.from({ length: count }, (_, index) => `a${index}: version`).join(' ')} }`;

    expect(codes(document(fields - 1))).toEqual([]);
    expect(codes(document(fields + 1))).toEqual(['GRAPHQL_PARSE_FAILED']);
  });
});
