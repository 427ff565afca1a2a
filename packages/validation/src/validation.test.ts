import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createInputCheck, readId, rule, text, validateInput, wholeNumber } from './index.ts';

const input = z.object({
  name: text({ max: 10 }),
  note: text({ min: 0, max: 20, multiline: true }).optional(),
  count: wholeNumber(1, 1_000),
  tags: z
    .array(text({ max: 3 }))
    .max(2)
    .optional(),
});

function faults(value: unknown) {
  const result = validateInput(input, value);
  return result.ok ? [] : result.errors.map(({ code, field }) => [code, field?.join('.')]);
}

describe('validating an input', () => {
  it('hands back the parsed value, white space around texts taken off', () => {
    expect(validateInput(input, { name: '  Ada ', count: 3 })).toEqual({
      ok: true,
      value: { name: 'Ada', count: 3 },
    });
  });

  it.each([
    ['an empty text', { name: '', count: 1 }, [['REQUIRED', 'input.name']]],
    ['a blank text', { name: ' \t ', count: 1 }, [['REQUIRED', 'input.name']]],
    ['a missing text', { count: 1 }, [['REQUIRED', 'input.name']]],
    ['null', { name: null, count: 1 }, [['REQUIRED', 'input.name']]],
    ['a text that is too long', { name: 'x'.repeat(11), count: 1 }, [['TOO_LONG', 'input.name']]],
    ['NUL', { name: 'a\0b', count: 1 }, [['INVALID', 'input.name']]],
    ['a new line in a single-line text', { name: 'a\nb', count: 1 }, [['INVALID', 'input.name']]],
    ['half a surrogate pair', { name: 'a\ud83d', count: 1 }, [['INVALID', 'input.name']]],
    ['zero', { name: 'a', count: 0 }, [['OUT_OF_RANGE', 'input.count']]],
    ['a negative number', { name: 'a', count: -1 }, [['OUT_OF_RANGE', 'input.count']]],
    ['2^31', { name: 'a', count: 2 ** 31 }, [['OUT_OF_RANGE', 'input.count']]],
    ['a fraction', { name: 'a', count: 1.5 }, [['OUT_OF_RANGE', 'input.count']]],
    ['a bad entry of a list', { name: 'a', count: 1, tags: ['ok', 'long'] }, [['TOO_LONG', 'input.tags.1']]],
    ['too many entries', { name: 'a', count: 1, tags: ['a', 'b', 'c'] }, [['TOO_LONG', 'input.tags']]],
    [
      'several faults',
      { name: '', count: 0 },
      [
        ['REQUIRED', 'input.name'],
        ['OUT_OF_RANGE', 'input.count'],
      ],
    ],
  ])('names the field and the fault of %s', (_title, value, expected) => {
    expect(faults(value)).toEqual(expected);
  });

  it('counts an emoji as one character', () => {
    expect(faults({ name: '🎧'.repeat(10), count: 1 })).toEqual([]);
    expect(faults({ name: '🎧'.repeat(11), count: 1 })).toEqual([['TOO_LONG', 'input.name']]);
  });

  it('lets new lines into a multi-line text', () => {
    expect(faults({ name: 'a', count: 1, note: 'first\nsecond' })).toEqual([]);
  });

  it('reports at most 25 faults of a hopeless input', () => {
    const many = z.object({ lines: z.array(text({ max: 1 })) });
    const result = validateInput(many, { lines: Array.from({ length: 10_000 }, () => 'long') });
    expect(result).toMatchObject({ ok: false, errors: { length: 25 } });
  });

  it('gives a rule of a field its own code, and its message as a sentence', () => {
    const slug = z.object({
      slug: z.string().check(rule('INVALID', (value) => /^[a-z]+$/.test(value), 'must be a-z')),
    });
    expect(validateInput(slug, { slug: 'A1' })).toEqual({
      ok: false,
      errors: [{ code: 'INVALID', message: 'Must be a-z.', field: ['input', 'slug'] }],
    });
  });
});

describe('the check of a subgraph', () => {
  const rules = z.object({ name: text({ min: 3, max: 10 }), count: wholeNumber(1, 2) });

  it('says something else where the subgraph lacks a code, and leaves the others', () => {
    const check = createInputCheck<'REQUIRED' | 'TOO_LONG' | 'INVALID' | 'OUT_OF_RANGE'>({
      TOO_SHORT: 'INVALID',
    });
    expect(check(rules, { name: 'a', count: 0 })).toMatchObject({
      errors: [
        { code: 'INVALID', field: ['input', 'name'] },
        { code: 'OUT_OF_RANGE', field: ['input', 'count'] },
      ],
    });
  });

  it('hands back the parsed value', () => {
    const check = createInputCheck<'REQUIRED' | 'TOO_LONG' | 'TOO_SHORT' | 'INVALID' | 'OUT_OF_RANGE'>({});
    expect(check(rules, { name: ' Ada ', count: 1 })).toEqual({ ok: true, value: { name: 'Ada', count: 1 } });
  });
});

describe('reading an id', () => {
  it('keeps the lower case of a UUID', () => {
    expect(readId('0B7F6D3E-6A35-4F0E-9A53-5D4B2A6C1E01')).toBe('0b7f6d3e-6a35-4f0e-9a53-5d4b2a6c1e01');
  });

  it.each([
    '',
    'nonsense',
    '0b7f6d3e6a354f0e9a535d4b2a6c1e01',
    '0b7f6d3e-6a35-4f0e-9a53-5d4b2a6c1e01 ',
    'a\0',
  ])('knows nothing under %j', (text) => {
    expect(readId(text)).toBeUndefined();
  });
});
