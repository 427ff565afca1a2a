import { describe, expect, it } from '@jest/globals';
import { createKeyCipher } from './key-cipher.ts';

const cipher = createKeyCipher(Buffer.alloc(32, 1));
const secret = '-----BEGIN PRIVATE KEY-----';

describe('the key cipher', () => {
  it('opens what it sealed', () => {
    const sealed = cipher.seal(secret, 'kid-1');
    expect(sealed).not.toContain('PRIVATE');
    expect(cipher.open(sealed, 'kid-1')).toBe(secret);
  });

  it('never seals twice alike', () => {
    expect(cipher.seal(secret, 'kid-1')).not.toBe(cipher.seal(secret, 'kid-1'));
  });

  it.each([
    [
      'under another encryption key',
      () => createKeyCipher(Buffer.alloc(32, 2)).open(cipher.seal(secret, 'a'), 'a'),
    ],
    ['for another key', () => cipher.open(cipher.seal(secret, 'a'), 'b')],
    [
      'when it was changed',
      () =>
        cipher.open(
          cipher.seal(secret, 'a').replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')),
          'a',
        ),
    ],
    [
      'when its tag was cut short',
      () => cipher.open(cipher.seal(secret, 'a').replace(/\.(.{6})[^.]*\./, '.$1.'), 'a'),
    ],
    ['when it is something else', () => cipher.open('plain', 'a')],
  ])('does not open %s, and says what to do', (_title, open) => {
    expect(open).toThrow('USERS_KEY_ENCRYPTION_KEY');
  });
});
