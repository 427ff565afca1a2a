import { describe, expect, it } from '@jest/globals';
import { checkReference, compareAnswers } from './answers.ts';

const reference = '{"data":{"albums":[{"ean":"1","price":null},{"ean":"2","price":5}]}}';

describe('an answer', () => {
  it.each([
    ['same bytes', reference],
    ['same bytes', `${reference}\n`],
    ['equal', '{ "data": {"albums":[{"price":null,"ean":"1"},{"price":5,"ean":"2"}]}}'],
    ['different', '{"data":{"albums":[{"ean":"2","price":5},{"ean":"1","price":null}]}}'],
    ['different', '{"data":{"albums":[{"ean":"1"},{"ean":"2","price":5}]}}'],
    ['different', '{"data":{"albums":[{"ean":"1","price":null},{"ean":"2","price":"5"}]}}'],
    ['different', '{"data":{"albums":[{"ean":"1","price":null},{"ean":"2","price":5}]},"errors":[]}'],
    ['different', '<html>Bad gateway</html>'],
  ])('is found to have %s: %s', (likeness, answer) => {
    expect(compareAnswers(answer, reference)).toBe(likeness);
  });
});

describe('a reference', () => {
  it('has data and no errors', () => {
    expect(() => checkReference(reference, 'small')).not.toThrow();
    expect(() => checkReference('{"data":null}', 'small')).toThrow('"small" has errors');
    expect(() => checkReference('{"data":{},"errors":[{"message":"no"}]}', 'small')).toThrow(
      '"message":"no"',
    );
  });
});
