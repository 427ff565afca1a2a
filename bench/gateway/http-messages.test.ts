import { describe, expect, it } from '@jest/globals';
import { createMessageReader } from './http-messages.ts';

const withLength = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const chunked =
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\nA\r\nlo, world!\r\n0\r\n\r\n';
const bare = 'GET /health HTTP/1.1\r\nhost: here\r\n\r\n';

function read(...chunks: readonly string[]): string[] {
  const bodies: string[] = [];
  const push = createMessageReader(({ body }) => bodies.push(body.toString()));
  for (const chunk of chunks) push(Buffer.from(chunk));
  return bodies;
}

describe('HTTP messages', () => {
  it.each([
    ['a length', withLength, 'hello'],
    ['chunks', chunked, 'hello, world!'],
  ])('with %s are whole however their bytes arrive', (_, text, body) => {
    for (let at = 1; at < text.length; at += 1) {
      expect(read(text.slice(0, at), text.slice(at))).toEqual([body]);
    }
    expect(read(...text)).toEqual([body]);
  });

  it('are told apart when they arrive together', () => {
    expect(read(withLength + bare + chunked + withLength)).toEqual(['hello', '', 'hello, world!', 'hello']);
  });

  it('give their head as it was sent', () => {
    const heads: string[] = [];
    createMessageReader(({ head }) => heads.push(head))(Buffer.from(bare));
    expect(heads).toEqual(['GET /health HTTP/1.1\r\nhost: here']);
  });
});
