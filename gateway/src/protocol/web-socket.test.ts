import { once } from 'node:events';
import { jest } from '@jest/globals';
import WebSocket from 'ws';
import { createRecordingLogger } from '../../../tests/support/recording-logger.ts';
import { startIssuer, type RunningIssuer } from '../testing/start-issuer.ts';
import { post, startLibrary, type RunningLibrary } from '../testing/start-library.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { Conversation } from '../testing/web-socket-client.ts';

describe('the gateway over WebSocket', () => {
  const recorder = createRecordingLogger();
  let issuer: RunningIssuer;
  let library: RunningLibrary;

  beforeAll(async () => {
    issuer = await startIssuer();
    library = await startLibrary({
      tokens: issuer.rules,
      maxRequestBytes: 10_000,
      corsOrigins: ['https://shop.example'],
      // No test waits for them.
      subgraphDeadlineMs: 600_000,
      requestDeadlineMs: 600_000,
      logger: recorder.logger,
    });
  });
  afterAll(async () => {
    await library.stop();
    await issuer.stop();
  });

  const caller = () => {
    const token = String(library.subgraphs['people']!.received.at(-1)?.headers['x-gateway-identity']);
    return (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sub?: string }).sub;
  };

  it.each<[string, (token: string) => object, (token: string) => Record<string, string>]>([
    ['authorization', (token) => ({ authorization: `Bearer ${token}` }), () => ({})],
    ['Authorization', (token) => ({ Authorization: `Bearer ${token}` }), () => ({})],
    ['headers.authorization', (token) => ({ headers: { AUTHORIZATION: `bearer ${token}` } }), () => ({})],
    ['the header of the handshake', () => ({}), (token) => ({ authorization: `Bearer ${token}` })],
  ])('takes the token from %s', async (_where, payload, headers) => {
    const client = new Conversation(library.gateway.url, headers(issuer.token()));
    await client.say({ type: 'connection_init', payload: payload(issuer.token()) });
    await client.hear('connection_ack');
    await client.say({ type: 'subscribe', id: '1', payload: { query: '{ me { name } }' } });

    expect(await client.hear('next')).toEqual({
      type: 'next',
      id: '1',
      payload: { data: { me: { name: 'Grace' } } },
    });
    expect(caller()).toBe('ada');
    client.socket.close();
    await client.closed;
  });

  it('takes those without a token for anonymous', async () => {
    const client = new Conversation(library.gateway.url);
    await client.say({ type: 'connection_init' });
    await client.hear('connection_ack');
    await client.say({ type: 'subscribe', id: '1', payload: { query: '{ me { name } }' } });
    await client.hear('complete');

    expect(caller()).toBeUndefined();
    client.socket.close();
    await client.closed;
  });

  it.each([{ authorization: 'Bearer forged' }, { authorization: 5 }, { headers: { authorization: '' } }])(
    'closes with 4403 for %j',
    async (payload) => {
      const client = new Conversation(library.gateway.url);
      await client.say({ type: 'connection_init', payload });

      expect(await client.closing).toEqual([4403, expect.stringMatching(/token/)]);
    },
  );

  it('closes with 1013 while tokens cannot be checked', async () => {
    const lonely = await startLibrary({ tokens: { ...issuer.rules, jwksUrls: ['http://127.0.0.1:1/jwks'] } });
    const client = new Conversation(lonely.gateway.url);
    await client.say({ type: 'connection_init', payload: { authorization: `Bearer ${issuer.token()}` } });

    expect(await client.closing).toEqual([1013, 'Access tokens cannot be checked now: try again later.']);
    await lonely.stop();
  });

  it('lets nobody begin before the connection is theirs', async () => {
    const client = new Conversation(library.gateway.url);
    await client.say({ type: 'subscribe', id: '1', payload: { query: '{ version }' } });

    expect(await client.closing).toEqual([
      4401,
      'An operation came before connection_init was acknowledged.',
    ]);
  });

  it('begins nothing new on a connection whose token has expired', async () => {
    const client = new Conversation(library.gateway.url);
    // Within the tolerance for clocks that differ, but not for long.
    const authorization = `Bearer ${issuer.token({ sub: 'ada' }, { lifetimeSeconds: -3 })}`;
    const longestLeft = Date.now() + 2_000;
    await client.say({ type: 'connection_init', payload: { authorization } });
    await client.hear('connection_ack');
    await waitUntil(() => Date.now() >= longestLeft);
    await client.say({ type: 'subscribe', id: '1', payload: { query: '{ me { name } }' } });

    expect(await client.closing).toEqual([4403, 'The access token has expired.']);
  });

  it.each([
    ['no subprotocol', [], 4406, 'The subprotocol must be graphql-transport-ws.'],
    // The client itself gives up: of what it names, the gateway chose nothing (RFC 6455, section 4.1).
    ['another subprotocol', ['graphql-ws'], 1006, ''],
  ])('does not talk with a client that names %s', async (_what, names, code, reason) => {
    const socket = new WebSocket(`${library.gateway.url.replace('http', 'ws')}/graphql`, names);
    socket.on('error', () => undefined);

    const closing = await new Promise((resolve) =>
      socket.on('close', (closedWith, why) => resolve([closedWith, String(why)])),
    );

    expect(closing).toEqual([code, reason]);
  });

  it('says of an expired token what it says over HTTP', async () => {
    const authorization = `Bearer ${issuer.token({ sub: 'ada' }, { lifetimeSeconds: -60 })}`;
    const { body } = await post(library.gateway.url, { query: '{ version }' }, { authorization });
    const client = new Conversation(library.gateway.url);
    await client.say({ type: 'connection_init', payload: { authorization } });

    expect(body.errors?.[0]?.message).toBe('The access token has expired.');
    expect(await client.closing).toEqual([4403, 'The access token has expired.']);
  });

  it.each([
    ['nonsense', 4400, 'The message is not one of the protocol graphql-transport-ws.'],
    [JSON.stringify({ type: 'connection_init' }), 4429, 'connection_init came twice.'],
    [
      JSON.stringify({ type: 'subscribe', id: '1', payload: { query: '{ version }' } }),
      4409,
      'An operation with this id is open already.',
    ],
  ])('says why it closes for %s', async (message, code, reason) => {
    const client = new Conversation(library.gateway.url);
    await client.greet();
    await client.say({
      type: 'subscribe',
      id: '1',
      payload: { query: 'subscription { reviewAdded { id } }' },
    });
    await waitUntil(() => library.subgraphs['reviews']!.openStreams() === 1);
    client.socket.send(message);

    expect(await client.closing).toEqual([code, reason]);
    await waitUntil(() => library.subgraphs['reviews']!.openStreams() === 0);
  });

  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const told = { 'x-correlation-id': 'abc_1-2', traceparent };

  it.each<[string, object, Record<string, string>]>([
    ['the payload', told, {}],
    ['headers in the payload', { headers: told }, {}],
    ['the handshake', {}, told],
    ['the payload rather than the handshake', told, { 'x-correlation-id': 'other' }],
  ])('takes the correlation and the trace from %s', async (_where, payload, headers) => {
    const client = new Conversation(library.gateway.url, headers);
    await client.greet(payload);
    await client.say({ type: 'subscribe', id: '1', payload: { query: '{ me { name } }' } });
    await client.hear('complete');
    await client.leave();

    expect(library.subgraphs['people']!.received.at(-1)?.headers).toMatchObject(told);
  });

  it('gives operations a correlation when the client has none that fits', async () => {
    const client = new Conversation(library.gateway.url);
    await client.greet({ 'x-correlation-id': 'a b', traceparent: 'nonsense' });
    await client.say({ type: 'subscribe', id: '1', payload: { query: '{ me { name } }' } });
    await client.hear('complete');
    await client.leave();

    const { headers } = library.subgraphs['people']!.received.at(-1)!;
    expect(headers['x-correlation-id']).toMatch(/^[\da-f]{32}-[\da-z]+$/);
    expect(headers['traceparent']).toBeUndefined();
  });

  it('writes the correlation to the log', async () => {
    const client = new Conversation(library.gateway.url);
    await client.greet(told);
    await client.say({ type: 'subscribe', id: '1', payload: { query: '{ unknown }' } });
    await client.hear('error');
    await client.leave();

    expect(recorder.lines.filter((line) => line.includes('GRAPHQL_VALIDATION_FAILED')).join()).toContain(
      'abc_1-2',
    );
  });

  const handshake = async (origin: string | undefined): Promise<number> => {
    const socket = new WebSocket(
      `${library.gateway.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
      origin === undefined ? {} : { origin },
    );
    return new Promise((resolve) => {
      socket.on('error', () => {});
      socket.on('unexpected-response', (request, { statusCode }) => {
        request.destroy();
        resolve(statusCode!);
      });
      socket.on('open', () => {
        socket.terminate();
        resolve(101);
      });
    });
  };

  it('is open to pages of its own and of the origins that may call it, and to no others', async () => {
    const statuses = [];
    for (const origin of [
      undefined,
      library.gateway.url,
      'https://shop.example',
      'https://evil.example',
      'http://127.0.0.1:1',
      'null',
    ]) {
      statuses.push(await handshake(origin));
    }

    expect(statuses).toEqual([101, 101, 101, 403, 403, 403]);
  });

  it('tells clients to come again when it stops', async () => {
    const stopping = await startLibrary();
    const client = new Conversation(stopping.gateway.url);
    await client.greet();
    await stopping.stop();

    expect(await client.closing).toEqual([1001, 'The gateway is stopping: connect again.']);
  });

  it('closes for a message that is too large', async () => {
    const client = new Conversation(library.gateway.url);
    const noise = jest.spyOn(console, 'error').mockImplementation(() => {});
    await client.say({ type: 'connection_init', payload: { x: 'x'.repeat(20_000) } });

    expect(await client.closed).toBe(1009);
    expect(noise).not.toHaveBeenCalled();
    noise.mockRestore();
  });

  it('has room for many operations on a socket, and not for countless ones', async () => {
    const client = new Conversation(library.gateway.url);
    await client.say({ type: 'connection_init' });
    await client.hear('connection_ack');
    for (let id = 1; id <= 101; id++) {
      await client.say({
        type: 'subscribe',
        id: `${id}`,
        payload: { query: 'subscription { reviewAdded { id } }' },
      });
    }

    expect(await client.hear('error')).toMatchObject({
      id: '101',
      payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }],
    });
    client.socket.close();
    await client.closed;
    await waitUntil(() => library.subgraphs['reviews']!.openStreams() === 0);
  });

  it('is nowhere else', async () => {
    const socket = new WebSocket(
      `${library.gateway.url.replace('http', 'ws')}/other`,
      'graphql-transport-ws',
    );
    const [error] = (await once(socket, 'error')) as [Error];

    expect(error.message).toContain('404');
  });
});
