import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { IncomingMessage } from 'node:http';
import { startLibrary, type RunningLibrary } from '../testing/start-library.ts';

describe('a response', () => {
  let library: RunningLibrary;
  const small = JSON.stringify({ query: '{ version }' });
  const large = JSON.stringify({
    query: `{ ${Array.from({ length: 100 }, (_, i) => `version${i}: version`).join(' ')} }`,
  });

  beforeAll(async () => {
    library = await startLibrary();
  });
  afterAll(() => library.stop());

  const send = async (body: string, headers: Record<string, string>, url = library.gateway.url) => {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(
        `${url}/graphql`,
        { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, agent: false },
        resolve,
      )
        .on('error', reject)
        .end(body);
    });
    const bytes = await buffer(response);
    return { headers: response.headers, bytes, encoding: response.headers['content-encoding'] };
  };

  // The first time by Apollo Server, from then on by the hot path.
  it.each(['at first', 'from then on'])(
    'is packed when it is large and the client takes that, %s',
    async () => {
      const plain = await send(large, {});
      const gzip = await send(large, { 'accept-encoding': 'gzip, deflate' });
      const brotli = await send(large, { 'accept-encoding': 'gzip, br' });

      expect([plain, gzip, brotli].map(({ encoding }) => encoding)).toEqual([undefined, 'gzip', 'br']);
      expect(plain.headers['content-length']).toBe(String(plain.bytes.length));
      expect(gunzipSync(gzip.bytes)).toEqual(plain.bytes);
      expect(brotliDecompressSync(brotli.bytes)).toEqual(plain.bytes);
      expect(gzip.headers.vary).toMatch(/accept-encoding/i);
    },
  );

  it('is left alone when it is small, when the client takes no packing, and when it is a stream', async () => {
    const answers = [
      await send(small, { 'accept-encoding': 'gzip' }),
      await send(large, { 'accept-encoding': 'identity' }),
      await send(large, { 'accept-encoding': 'gzip', accept: 'text/event-stream' }),
    ];

    for (const { bytes } of answers) expect(bytes.toString()).toContain('"version');
  });

  it('is left alone when packing is turned off', async () => {
    const off = await startLibrary({ compression: false });
    const { encoding } = await send(large, { 'accept-encoding': 'gzip' }, off.gateway.url);
    await off.stop();

    expect(encoding).toBeUndefined();
  });
});
