import { connect } from 'node:net';
import { startLibrary, type RunningLibrary } from '../testing/start-library.ts';

describe('a body', () => {
  let library: RunningLibrary;

  beforeAll(async () => {
    library = await startLibrary({ receiveTimeoutMs: 2_000, compression: true });
  });
  afterAll(() => library.stop());

  const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
  it.each([
    [
      'says that it is large',
      'content-type: application/json\r\ncontent-length: 2000000000',
      ' '.repeat(0x4000),
    ],
    ['says that it is large, and is not JSON', 'content-length: 2000000000', ' '.repeat(0x4000)],
    ['has no end', 'content-type: application/json\r\ntransfer-encoding: chunked', chunk],
    ['has no end, and is not JSON', 'transfer-encoding: chunked', chunk],
  ])('that %s is refused, and no more of it is read', async (_what, headers, more) => {
    const socket = connect(Number(new URL(library.gateway.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => (answer += String(data)));
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.write(`POST /graphql HTTP/1.1\r\nhost: x\r\n${headers}\r\n\r\n`);
    // As fast as it is taken.
    const send = (): void => {
      while (!socket.destroyed && socket.write(more));
      socket.once('drain', send);
    };
    send();
    await closed;

    expect(answer).toMatch(/^HTTP\/1\.1 413 .*\r\nconnection: close\r\n.*"PAYLOAD_TOO_LARGE"/is);
    expect(socket.bytesWritten).toBeLessThan(20_000_000);
  });

  it('that is too large is refused in words that its sender gets to read', async () => {
    const response = await fetch(`${library.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: ' '.repeat(20_000_000) }),
    });

    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] });
  });

  it.each([
    ['UTF-8', 'application/json; charset=utf-8', Buffer.from('{"query":"{ me { name } }"}'), 200],
    [
      'UTF-16',
      'application/json; charset="utf-16le"',
      Buffer.from('{"query":"{ me { name } }"}', 'utf16le'),
      200,
    ],
    [
      'another encoding',
      'application/json; charset=iso-8859-1',
      Buffer.from('{"query":"{ me { name } }"}'),
      415,
    ],
    ['no text at all', 'application/json', Buffer.alloc(0), 400],
  ])('in %s is read as what it says', async (_what, type, body, status) => {
    const response = await fetch(`${library.gateway.url}/graphql`, {
      method: 'POST',
      // Not a plain POST: it is read by what reads every other request.
      headers: { 'content-type': type, accept: 'application/json;q=0.5' },
      body,
    });

    expect(response.status).toBe(status);
    await response.body?.cancel();
  });
});
