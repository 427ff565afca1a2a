import { expect, it } from '@jest/globals';
import { parseValue } from 'graphql';
import { safeIntScalar } from './index.ts';

it.each([0, -1, 2 ** 31, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER])('holds %d', (value) => {
  expect(safeIntScalar.serialize(value)).toBe(value);
  expect(safeIntScalar.parseValue(value)).toBe(value);
  expect(safeIntScalar.parseLiteral(parseValue(String(value)))).toBe(value);
});

it.each([2 ** 53, -(2 ** 53), 0.5, NaN, Infinity, '7', null, 7n])(
  'refuses %p, and does not round it',
  (value) => {
    const refusal = expect.objectContaining({ extensions: { code: 'OUT_OF_RANGE' } });
    expect(() => safeIntScalar.serialize(value)).toThrow(refusal);
    expect(() => safeIntScalar.parseValue(value)).toThrow(refusal);
  },
);

it.each(['9007199254740993', '1.5', '"7"', 'true'])('refuses the literal %s', (literal) => {
  expect(() => safeIntScalar.parseLiteral(parseValue(literal))).toThrow('SafeInt must be');
});
