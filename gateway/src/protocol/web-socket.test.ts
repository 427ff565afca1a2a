import { once } from 'node:events';
import { jest } from '@jest/globals';
import WebSocket from 'ws';
import { startIssuer, type RunningIssuer } from '../testing/start-issuer.ts';
import { startLibrary, type RunningLibrary } from '../testing/start-library.ts';
import { waitUntil } from '../testing/wait-until.ts';

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A client that says what it is told and keeps what it hears. */
class Conversation {
  readonly heard: Message[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<number>;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
    this.socket.on('message', (data: Buffer) => this.heard.push(JSON.parse(data.toString()) as Message));
    this.closed = once(this.socket, 'close').then(([code]) => code as number);
  }

  async say(message: object): Promise<void> {
    if (this.socket.readyState === WebSocket.CONNECTING) await once(this.socket, 'open');
    this.socket.send(JSON.stringify(message));
  }

  async hear(type: string): Promise<Message> {
    await waitUntil(() => this.heard.some((message) => message.type === type));
    return this.heard.find((message) => message.type === type)!;
  }
}

describe('the gateway over WebSocket', () => {
  let issuer: RunningIssuer;
  let library: RunningLibrary;

  beforeAll(async () => {
    issuer = await startIssuer();
    library = await startLibrary({ tokens: issuer.rules, maxRequestBytes: 10_000 });
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

      expect(await client.closed).toBe(4403);
    },
  );

  it('closes with 1013 while tokens cannot be checked', async () => {
    const lonely = await startLibrary({ tokens: { ...issuer.rules, jwksUrls: ['http://127.0.0.1:1/jwks'] } });
    const client = new Conversation(lonely.gateway.url);
    await client.say({ type: 'connection_init', payload: { authorization: `Bearer ${issuer.token()}` } });

    expect(await client.closed).toBe(1013);
    await lonely.stop();
  });

  it('lets nobody begin before the connection is theirs', async () => {
    const client = new Conversation(library.gateway.url);
    await client.say({ type: 'subscribe', id: '1', payload: { query: '{ version }' } });

    expect(await client.closed).toBe(4401);
  });

  it('begins nothing new on a connection whose token has expired', async () => {
    const client = new Conversation(library.gateway.url);
    const authorization = `Bearer ${issuer.token({ sub: 'ada' }, { lifetimeSeconds: -1 })}`;
    // Within the tolerance for clocks that differ, and expired all the same.
    await client.say({ type: 'connection_init', payload: { authorization } });
    await client.hear('connection_ack');
    await client.say({ type: 'subscribe', id: '1', payload: { query: '{ me { name } }' } });

    expect(await client.closed).toBe(4403);
  });

  it('closes for a message that is too large', async () => {
    const client = new Conversation(library.gateway.url);
    const noise = jest.spyOn(console, 'error').mockImplementation(() => {});
    await client.say({ type: 'connection_init', payload: { x: 'x'.repeat(20_000) } });

    expect(await client.closed).toBe(1009);
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
