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
});

describe('parseJson', () => {
  it.each([
    ['not JSON', '{', 'SUBREQUEST_MALFORMED_RESPONSE'],
    ['nested too deeply', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 'SUBREQUEST_RESPONSE_TOO_LARGE'],
  ])('refuses a text that is %s', (reason, text, code) => {
    expect(() => parseJson(text)).toThrow(expect.objectContaining({ code, reason }) as Error);
  });
});
