import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { codeOf } from '../../testing/start-scripted-server.ts';
import { waitUntil } from '../../testing/wait-until.ts';
import {
  createWebSocketStreams,
  type WebSocketStreamRequest,
  type WebSocketStreams,
} from './web-socket-streams.ts';

/** Messages of the protocol, as far as these tests look at them. */
interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A peer that takes connections and subscriptions, and otherwise does what the test says. */
describe('subscriptions over WebSocket', () => {
  let server: WebSocketServer;
  let peers: WebSocket[];
  let received: Message[];
  let answersPings: boolean;
  let streams: WebSocketStreams;
  let leaving: AbortController;

  beforeEach(async () => {
    peers = [];
    received = [];
    answersPings = true;
    leaving = new AbortController();
    server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: ([first]) => first! });
    server.on('connection', (peer) => {
      peers.push(peer);
      peer.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as Message;
        if (message.type === 'connection_init') send(peer, { type: 'connection_ack' });
        if (message.type === 'ping' && answersPings) send(peer, { type: 'pong' });
        received.push(message);
      });
    });
    await once(server, 'listening');
    streams = createWebSocketStreams({ maxEventBytes: 1_000, silenceMs: 800 });
  });
  afterEach(async () => {
    await streams.stop();
    for (const peer of peers) peer.terminate();
    await new Promise((resolve) => server.close(resolve));
  });

  const send = (peer: WebSocket, message: Message): void => peer.send(JSON.stringify(message));
  const ofType = (type: string) => received.filter((message) => message.type === type);
  const subscribed = (count: number) => waitUntil(() => ofType('subscribe').length === count);
  const next = (index: number, data: unknown): Message => ({
    type: 'next',
    id: ofType('subscribe')[index]!.id!,
    payload: { data },
  });

  function open(caller: string, changes: Partial<WebSocketStreamRequest> = {}) {
    return streams.open({
      url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
      caller,
      headers: () => ({ 'x-caller': caller }),
      payload: { query: 'subscription { x }', operationName: undefined, variables: {}, extensions: {} },
      signal: leaving.signal,
      deadline: { endsAt: performance.now() + 5_000, timeoutCode: 'SUBREQUEST_TIMEOUT' },
      ...changes,
    });
  }

  it('share a connection when they are of one caller, and only then', async () => {
    const [ada, again, grace] = await Promise.all([open('ada'), open('ada'), open('grace')]);
    await subscribed(3);

    expect(ofType('connection_init').map(({ payload }) => payload)).toEqual([
      { 'x-caller': 'ada' },
      { 'x-caller': 'grace' },
    ]);
    send(peers[0]!, next(1, { x: 2 }));
    send(peers[0]!, next(0, { x: 1 }));
    expect((await ada.next()).value).toMatchObject({ data: { x: 1 } });
    expect((await again.next()).value).toMatchObject({ data: { x: 2 } });
    await grace.return();
  });

  it('close their connection with the last of them', async () => {
    const leavingFirst = new AbortController();
    await open('ada', { signal: leavingFirst.signal });
    await open('ada');
    await subscribed(2);

    leavingFirst.abort();
    await waitUntil(() => ofType('complete').length === 1);
    expect(server.clients.size).toBe(1);

    leaving.abort();
    await waitUntil(() => server.clients.size === 0);
  });

  // After 1000 the library would subscribe again by itself, and nobody would know of the events in between.
  it.each([1000, 1011, 1012, 4400, 4403])('all fail when the subgraph closes it with %i', async (code) => {
    const both = await Promise.all([open('ada'), open('ada')]);
    await subscribed(2);

    peers[0]!.close(code);

    for (const stream of both) expect(await codeOf(stream.next())).toBe('SUBREQUEST_HTTP_ERROR');
    expect(peers).toHaveLength(1);
    await open('ada');
    expect(peers).toHaveLength(2);
  });

  it('fail when the subgraph answers no ping', async () => {
    answersPings = false;
    const stream = await open('ada');

    expect(await codeOf(stream.next())).toBe('SUBREQUEST_TIMEOUT');
    await waitUntil(() => server.clients.size === 0);
  });

  it('live on while it does, however silent they are', async () => {
    const stream = await open('ada');
    await waitUntil(() => ofType('ping').length === 3);

    send(peers[0]!, next(0, { x: 1 }));

    expect((await stream.next()).value).toMatchObject({ data: { x: 1 } });
  });

  it('fail alone when too much waits to be read', async () => {
    const [slow, quick] = await Promise.all([open('ada'), open('ada')]);
    await subscribed(2);

    for (let event = 0; event < 10; event++) send(peers[0]!, next(0, { x: 'y'.repeat(200) }));
    send(peers[0]!, next(1, { x: 1 }));

    expect((await quick.next()).value).toMatchObject({ data: { x: 1 } });
    const readOn = async (): Promise<void> => {
      while ((await slow.next()).done !== true);
    };
    expect(await codeOf(readOn())).toBe('SUBREQUEST_RESPONSE_TOO_LARGE');
    await waitUntil(() => ofType('complete').length === 1);
  });

  it('fail alone when an event is no GraphQL response', async () => {
    const [broken, well] = await Promise.all([open('ada'), open('ada')]);
    await subscribed(2);

    send(peers[0]!, { ...next(0, undefined), payload: { data: [] } });
    send(peers[0]!, next(1, { x: 1 }));

    expect(await codeOf(broken.next())).toBe('SUBREQUEST_MALFORMED_RESPONSE');
    expect((await well.next()).value).toMatchObject({ data: { x: 1 } });
  });

  it('fail when the subgraph does not speak the protocol', async () => {
    const stream = await open('ada');
    await subscribed(1);

    peers[0]!.send('<html>');

    expect(await codeOf(stream.next())).toBe('SUBREQUEST_HTTP_ERROR');
  });
});
