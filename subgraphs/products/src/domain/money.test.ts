import { describe, expect, it } from '@jest/globals';
import { isCurrency } from './money.ts';

describe('currencies', () => {
  it.each(['USD', 'EUR', 'JPY', 'CHF'])('knows %s', (code) => {
    expect(isCurrency(code)).toBe(true);
  });

  it.each(['usd', 'US', 'USDD', 'ZZZ', '', '💶'])('does not know %p', (code) => {
    expect(isCurrency(code)).toBe(false);
  });
});
