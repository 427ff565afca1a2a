import { describe, expect, it } from '@jest/globals';
import { emailKey } from './account.ts';

describe('emailKey', () => {
  it.each([
    ['case', 'Ada@Example.COM', 'ada@example.com'],
    ['space around it', ' ada@example.com\t', 'ada@example.com'],
    ['how an accent is composed', 'rene\u0301@example.com', 'rené@example.com'],
  ])('makes addresses one that differ by %s', (_difference, one, other) => {
    expect(emailKey(one)).toBe(emailKey(other));
  });

  it('keeps different addresses apart', () => {
    expect(emailKey('ada@example.com')).not.toBe(emailKey('a.da@example.com'));
  });
});
