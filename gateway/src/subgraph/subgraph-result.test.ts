import { maxErrors, parseJson, readSubgraphResult } from './subgraph-result.ts';

describe('readSubgraphResult', () => {
  const errors = (count: number) => Array.from({ length: count }, (_, index) => ({ message: `e${index}` }));

  it('reads every error of a response with few', () => {
    expect(readSubgraphResult({ errors: errors(maxErrors) }).errors).toEqual(errors(maxErrors));
  });

  it('reads the first of very many, and says how many it left out', () => {
    expect(readSubgraphResult({ errors: errors(maxErrors + 5_000) }).errors).toEqual([
      ...errors(maxErrors),
      {
        message: expect.stringContaining('5000') as string,
        extensions: { code: 'SUBREQUEST_ERRORS_LEFT_OUT', leftOut: 5_000 },
      },
    ]);
  });

  const pathOf = (path: unknown) => readSubgraphResult({ errors: [{ message: 'no', path }] }).errors[0]?.path;

  it.each([[[]], [['me', 'reviews', 0, '_id2']], [['a', Number.MAX_SAFE_INTEGER]]])(
    'reads the path %j of an error',
    (path) => {
      expect(pathOf(path)).toEqual(path);
    },
  );

  it.each([
    ['a name that is none', ['me', 'no name']],
    ['an empty name', ['me', '']],
    ['a name that goes on in another line', ['me\nX']],
    ['an index below zero', ['me', -1]],
    ['an index that is no whole number', ['me', 0.5]],
    ['an index beyond all lists', ['me', 1e300]],
    ['a step that is an object', ['me', {}]],
    ['a step that is null', [null]],
    ['thousands of steps', Array.from({ length: 1_001 }, () => 'me')],
    ['no list', 'me'],
  ])('takes no path of an error with %s', (_what, path) => {
    expect(pathOf(path)).toBeUndefined();
  });
});

describe('parseJson', () => {
  it.each([
    ['not JSON', '{', 'SUBREQUEST_MALFORMED_RESPONSE'],
    ['nested too deeply', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 'SUBREQUEST_RESPONSE_TOO_LARGE'],
  ])('refuses a text that is %s', (reason, text, code) => {
    expect(() => parseJson(text)).toThrow(expect.objectContaining({ code, reason }) as Error);
  });
});
