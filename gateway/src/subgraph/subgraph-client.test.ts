import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { createIdentitySigner, generateSigningKey } from '@trellis/auth';
import { createLogger } from '@trellis/lifecycle';
import {
  aSubgraphRequest,
  codeOf,
  startScriptedServer,
  type ScriptedServer,
} from '../testing/start-scripted-server.ts';
import { waitUntil } from '../testing/wait-until.ts';
import {
  createSubgraphClient,
  type SubgraphClient,
  type SubgraphClientOptions,
  type SubgraphRequest,
} from './subgraph-client.ts';
import { defaultTrafficRules } from './traffic/traffic-rules.ts';

const options: SubgraphClientOptions = {
  signer: createIdentitySigner(generateSigningKey()),
  rulesOf: () => ({ ...defaultTrafficRules, deadlineMs: 60_000 }),
  maxResponseBytes: 10_000,
  streamSilenceMs: 1_000,
  logger: createLogger('test', 'silent'),
};

describe('a request to a subgraph', () => {
  let server: ScriptedServer;
  let client: SubgraphClient;
  let leaving: AbortController;
  let request: SubgraphRequest;

  beforeEach(async () => {
    server = await startScriptedServer();
    client = createSubgraphClient(options);
    leaving = new AbortController();
    request = aSubgraphRequest(`${server.url}/graphql?a=b`, leaving.signal);
  });
  afterEach(async () => {
    await client.stop();
    await server.stop();
  });

  const respond = (status: number, headers: Record<string, string>, body: string | Buffer): void => {
    server.answer((_incoming, response) => response.writeHead(status, headers).end(body));
  };
  const json = { 'content-type': 'application/json' };
  const jsonSequence = { 'content-type': 'application/json-seq' };
  const packed = (encoding: string) => ({ ...json, 'content-encoding': encoding });

  it('reads data and errors', async () => {
    respond(
      200,
      json,
      '{"data":{"thing":1},"errors":[{"message":"m","path":["a",0],"extensions":{"code":"C"}}]}',
    );

    expect(await client.send(request)).toEqual({
      data: { thing: 1 },
      errors: [{ message: 'm', path: ['a', 0], extensions: { code: 'C' } }],
    });
  });

  it('keeps its connections for the next requests', async () => {
    const ports = new Set<number | undefined>();
    server.answer((incoming, response) => {
      ports.add(incoming.socket.remotePort);
      response.writeHead(200, json).end('{"data":{}}');
    });

    for (let time = 0; time < 20; time++) await client.send(request);

    // A second one is opened where a request follows the end of another too closely.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it('sends the identity, the correlation and forwarded headers, and the URL’s query', async () => {
    let seen: unknown;
    let identity = '';
    server.answer(({ headers, url, method }, response) => {
      seen = { headers, url, method };
      identity = String(headers['x-gateway-identity']);
      response.writeHead(200, json).end('{"data":{}}');
    });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

    await client.send({ ...request, context: { ...request.context, traceparent } });

    expect(seen).toMatchObject({
      url: '/graphql?a=b',
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-correlation-id': 'c1',
        'x-own': 'v',
        traceparent,
      },
    });
    expect(identity).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('believes a refusal that is a GraphQL response', async () => {
    respond(401, json, '{"errors":[{"message":"no","extensions":{"code":"UNAUTHENTICATED"}}]}');

    expect((await client.send(request)).errors).toEqual([
      { message: 'no', extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  });

  it.each<[string, number, Record<string, string>, string | Buffer, string]>([
    ['HTML', 200, { 'content-type': 'text/html' }, '<html>', 'SUBREQUEST_MALFORMED_RESPONSE'],
    ['an error page', 502, { 'content-type': 'text/html' }, '<html>', 'SUBREQUEST_HTTP_ERROR'],
    ['an error in JSON of its own', 500, json, '{"error":"secret"}', 'SUBREQUEST_HTTP_ERROR'],
    ['a redirect that says more', 302, json, '{"data":{}}', 'SUBREQUEST_HTTP_ERROR'],
    ['no type', 200, {}, '{"data":{}}', 'SUBREQUEST_MALFORMED_RESPONSE'],
    ['a type like JSON', 200, jsonSequence, '{"data":{}}', 'SUBREQUEST_MALFORMED_RESPONSE'],
    ['broken JSON', 200, json, '{"data":{', 'SUBREQUEST_MALFORMED_RESPONSE'],
    ['nothing', 200, json, '', 'SUBREQUEST_MALFORMED_RESPONSE'],
    ['null', 200, json, 'null', 'SUBREQUEST_MALFORMED_RESPONSE'],
    ['a list', 200, json, '[]', 'SUBREQUEST_MALFORMED_RESPONSE'],
    ['an object of another kind', 200, json, '{"ok":true}', 'SUBREQUEST_MALFORMED_RESPONSE'],
    ['data that is a list', 200, json, '{"data":[]}', 'SUBREQUEST_MALFORMED_RESPONSE'],
    ['no data and no error', 200, json, '{"data":null}', 'SUBREQUEST_MALFORMED_RESPONSE'],
    ['errors of another kind', 200, json, '{"data":{},"errors":{}}', 'SUBREQUEST_MALFORMED_RESPONSE'],
    ['an error without a message', 200, json, '{"data":{},"errors":[{}]}', 'SUBREQUEST_MALFORMED_RESPONSE'],
    ['a packing that nobody knows', 200, packed('compress'), 'x', 'SUBREQUEST_MALFORMED_RESPONSE'],
    ['packed twice', 200, packed('gzip, gzip'), gzipSync('{}'), 'SUBREQUEST_MALFORMED_RESPONSE'],
    ['a packed body that is damaged', 200, packed('gzip'), 'x', 'SUBREQUEST_MALFORMED_RESPONSE'],
    ['too much', 200, json, `{"data":{"a":"${'x'.repeat(20_000)}"}}`, 'SUBREQUEST_RESPONSE_TOO_LARGE'],
  ])('has an error for %s', async (_what, status, headers, body, code) => {
    respond(status, headers, body);

    expect(await codeOf(client.send(request))).toBe(code);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('unpacks %s, and refuses what is too much only when it is unpacked', async (encoding, pack) => {
    respond(200, packed(encoding), pack('{"data":{"thing":"\u00fc"}}'));
    expect((await client.send(request)).data).toEqual({ thing: '\u00fc' });

    respond(200, packed(encoding), pack(`{"data":{"thing":"${'x'.repeat(1_000_000)}"}}`));
    expect(await codeOf(client.send(request))).toBe('SUBREQUEST_RESPONSE_TOO_LARGE');
  });

  it('refuses a small body that would unpack to 200 MB', async () => {
    // A gzip stream may consist of several (RFC 1952, section 2.2).
    const megabyte = gzipSync(Buffer.alloc(1_000_000));
    const bomb = Buffer.concat(Array.from({ length: 200 }, () => megabyte));
    const generous = createSubgraphClient({ ...options, maxResponseBytes: 2 * bomb.length });
    respond(200, packed('gzip'), bomb);

    expect(await codeOf(generous.send(request))).toBe('SUBREQUEST_RESPONSE_TOO_LARGE');
    await generous.stop();
  });

  it('follows no redirect', async () => {
    respond(307, { location: request.subgraph.url }, '');

    expect(await codeOf(client.send(request))).toBe('SUBREQUEST_HTTP_ERROR');
    expect(server.requests()).toBe(1);
  });

  it('stops reading a body that does not end', async () => {
    let cut = false;
    server.answer((_incoming, response) => {
      response.writeHead(200, json);
      const more = setInterval(() => response.write('x'.repeat(5_000)), 1);
      response.on('close', () => {
        clearInterval(more);
        cut = true;
      });
    });

    expect(await codeOf(client.send(request))).toBe('SUBREQUEST_RESPONSE_TOO_LARGE');
    await waitUntil(() => cut);
  });

  it('waits no longer than its deadline, for headers or for the body', async () => {
    await client.stop();
    client = createSubgraphClient({
      ...options,
      rulesOf: () => ({ ...defaultTrafficRules, deadlineMs: 300 }),
    });
    server.answer(() => {});
    expect(await codeOf(client.send(request))).toBe('SUBREQUEST_TIMEOUT');
    server.answer((_incoming, response) => response.writeHead(200, json).write('{"data"'));
    expect(await codeOf(client.send(request))).toBe('SUBREQUEST_TIMEOUT');
  });

  it('has an error for a subgraph that is not there', async () => {
    const subgraph = { name: 'gone', url: 'http://127.0.0.1:1/graphql' };

    expect(await codeOf(client.send({ ...request, subgraph }))).toBe('SUBREQUEST_HTTP_ERROR');
  });

  it('has an error for a connection that is cut', async () => {
    server.answer((_incoming, response) => response.destroy());

    expect(await codeOf(client.send(request))).toBe('SUBREQUEST_HTTP_ERROR');
  });

  it('gives up when the client leaves, and cuts the request', async () => {
    let cut = false;
    server.answer((_incoming, response) => response.on('close', () => (cut = true)));
    const sent = client.send(request);
    await waitUntil(() => server.requests() === 1);

    leaving.abort(new Error('left'));

    await expect(sent).rejects.toThrow('left');
    await waitUntil(() => cut);
  });
});
