import { describe, expect, it } from '@jest/globals';
import { loginInput, registerInput, updateProfileInput } from './account-input.ts';
import { checkInput } from './check-input.ts';

const good = { email: 'ada@example.com', name: 'Ada', password: 'correct horse battery' };

/** What is wrong with a registration that differs from a good one by the fields given. */
function faults(changes: Partial<typeof good>): string[] {
  const checked = checkInput(registerInput, { ...good, ...changes });
  return checked.ok ? [] : checked.errors.map(({ code, field }) => `${field?.join('.')} ${code}`);
}

describe('an e-mail address', () => {
  it.each([
    'ada@example.com',
    'ada.lovelace+shop@mail.example.co.uk',
    "o'brien_1!@example.org",
    'rené@exämple.de',
    '用户@例子.广告',
    '🦊@example.com',
    `${'x'.repeat(64)}@${'y'.repeat(63)}.example`,
  ])('may be %s', (email) => {
    expect(faults({ email })).toEqual([]);
  });

  it.each([
    'ada',
    '@example.com',
    'ada@',
    'ada@example',
    'ada@.com',
    'ada@example..com',
    'ada@-example.com',
    'ada@example-.com',
    'ada lovelace@example.com',
    'a@b@example.com',
    '<ada@example.com>',
    'ada@example.com,eve@example.com',
    'ada\u200b@example.com',
    `${'x'.repeat(65)}@example.com`,
  ])('may not be %j', (email) => {
    expect(faults({ email })).toEqual(['input.email INVALID']);
  });

  it('is trimmed, and keeps its case', () => {
    const checked = checkInput(registerInput, { ...good, email: '  Ada@Example.com ' });
    expect(checked).toMatchObject({ ok: true, value: { email: 'Ada@Example.com' } });
  });
});

describe('a password that is to be set', () => {
  it.each([
    ['10 characters', 'x'.repeat(10)],
    ['72 bytes', 'x'.repeat(72)],
    ['72 bytes in 18 characters', '🦊'.repeat(18)],
    ['10 characters of four bytes', '🦊'.repeat(10)],
    ['spaces at both ends', '  spaces count  '],
  ])('may have %s', (_title, password) => {
    expect(faults({ password })).toEqual([]);
  });

  it.each([
    ['9 characters', 'x'.repeat(9), 'TOO_SHORT'],
    ['9 characters that JavaScript counts as 18', '🦊'.repeat(9), 'TOO_SHORT'],
    ['73 bytes', 'x'.repeat(73), 'TOO_LONG'],
    ['73 bytes in 37 characters', `${'é'.repeat(36)}x`, 'TOO_LONG'],
    ['nothing', '', 'REQUIRED'],
    ['NUL', 'correct\0horse battery', 'INVALID'],
    ['half a surrogate pair', 'correct horse \udfff', 'INVALID'],
  ])('may not have %s', (_title, password, code) => {
    expect(faults({ password })).toEqual([`input.password ${code}`]);
  });

  it('is taken as it is, with the spaces around it', () => {
    const password = '  spaces count  ';
    expect(checkInput(registerInput, { ...good, password })).toMatchObject({ ok: true, value: { password } });
  });
});

describe('a password to log in with', () => {
  it('may be shorter than new ones must be', () => {
    expect(checkInput(loginInput, { email: good.email, password: 'old' }).ok).toBe(true);
  });
});

describe('a profile', () => {
  it.each([{}, { name: null }, { email: null, name: undefined }])('may be left as it is: %j', (changes) => {
    expect(checkInput(updateProfileInput, changes).ok).toBe(true);
  });
});
