import { describe, expect, it } from '@jest/globals';
import { foldText, searchWords } from './fold-text.ts';

describe('folding text', () => {
  it.each([
    ['USB-C Hub', 'usb-c hub'],
    ['Café', 'cafe'],
    ['Cafe\u0301', 'cafe'],
    ['ＡＢＣ', 'abc'],
    ['🎧 Pro', '🎧 pro'],
  ])('makes %p into %p', (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  it('splits a search into its words, whatever stands between them', () => {
    expect(searchWords('  Wireless \t KEYBOARD\n')).toEqual(['wireless', 'keyboard']);
    expect(searchWords('   ')).toEqual([]);
  });
});
