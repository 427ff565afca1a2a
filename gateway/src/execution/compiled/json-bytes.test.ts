import fc from 'fast-check';
import { encode, JsonBytes, readBytes } from './json-bytes.ts';

/** Writes a list of strings as the writer of a response does. */
function listOf(out: JsonBytes, values: readonly string[], plain: boolean, ascii: boolean): string {
  out.begin(plain, ascii);
  out.constant(encode('{"list":['));
  for (const [index, value] of values.entries()) {
    if (index > 0) out.asciiText(',');
    out.string(value);
  }
  out.constant(encode(']}'));
  return readBytes(out.end());
}

const needsEscaping = (text: string): boolean => JSON.stringify(text) !== `"${text}"`;
const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length;

describe('JsonBytes', () => {
  const out = new JsonBytes();

  it('writes what JSON.stringify writes, whatever it was told to take for granted', () => {
    const strings = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 100 }),
        fc.string({ unit: 'grapheme-ascii', maxLength: 100 }),
      ),
    );
    fc.assert(
      fc.property(strings, fc.boolean(), fc.boolean(), (values, cautious, doubtful) => {
        const plain = !cautious && !values.some(needsEscaping);
        const ascii = !doubtful && values.every(isAscii);

        expect(listOf(out, values, plain, ascii)).toBe(JSON.stringify({ list: values }));
      }),
    );
  });

  it.each([
    ['ASCII', 'a'],
    ['more than ASCII', 'ü'],
    ['what is escaped', '\n'],
  ])('grows as far as it must, of %s, and is the same afterwards', (_what, letter) => {
    const values = Array.from({ length: 3 }, () => letter.repeat(700_000));
    const plain = !needsEscaping(letter);

    expect(listOf(out, values, plain, isAscii(letter))).toBe(JSON.stringify({ list: values }));
    expect(listOf(out, ['a'], true, true)).toBe('{"list":["a"]}');
  });

  it('writes again what it wrote, also where that makes it grow', () => {
    const long = 'x'.repeat(20_000);
    out.begin(true, true);
    out.asciiText('[');
    const from = out.length;
    out.string(long);
    const to = out.length;
    out.asciiText(',');
    out.repeat(from, to);
    out.asciiText(']');

    expect(readBytes(out.end())).toBe(JSON.stringify([long, long]));
  });
});
