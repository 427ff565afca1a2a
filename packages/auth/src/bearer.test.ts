import { bearerToken } from './bearer.ts';

describe('bearerToken', () => {
  it.each([
    ['Bearer abc.def-_~+/==', 'abc.def-_~+/=='],
    ['bearer abc', 'abc'],
    ['BEARER  abc', 'abc'],
  ])('takes the token out of %j', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });

  it.each(['', 'Bearer', 'Bearer ', 'Basic abc', 'Bearer a b', 'Bearer a,b', 'abc'])(
    'finds none in %j, which is not the same as no header',
    (header) => {
      expect(bearerToken(header)).toBeNull();
    },
  );

  it('knows a request without the header', () => {
    expect(bearerToken(undefined)).toBeUndefined();
  });
});
