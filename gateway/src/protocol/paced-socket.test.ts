import { EventEmitter } from 'node:events';
import type { WebSocket } from 'ws';
import { turnsDuring } from '../../../tests/support/turns-during.ts';
import { startLibrary } from '../testing/start-library.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { Conversation } from '../testing/web-socket-client.ts';
import { paceSocket } from './paced-socket.ts';

/** A socket whose client takes what it is sent when the test says so. */
class SlowSocket extends EventEmitter {
  readonly OPEN = 1;
  readonly readyState = 1;
  readonly sent: string[] = [];
  isPaused = false;
  private readonly untaken: (() => void)[] = [];

  send(text: string, done: () => void): void {
    this.sent.push(text);
    this.untaken.push(done);
  }
  pong(data: Buffer, _mask: boolean, done: () => void): void {
    this.send(`pong ${String(data)}`, done);
  }
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  /** Takes what it was sent. */
  take(): void {
    this.untaken.splice(0).forEach((done) => done());
  }
  say(text: string): void {
    this.emit('message', Buffer.from(text));
  }
}

function pace(replies: (text: string) => readonly string[]) {
  const socket = new SlowSocket();
  const heard: string[] = [];
  const paced = paceSocket(socket as unknown as WebSocket, (text) => {
    heard.push(text);
    replies(text).forEach((reply) => paced.send(reply));
  });
  return { socket, heard, paced };
}

describe('a socket whose client does not take what it is sent', () => {
  it('takes nothing new from it, and reads no more', async () => {
    const { socket, heard } = pace((text) => [`to ${text}`]);

    for (let message = 1; message <= 100; message++) socket.say(`${message}`);

    expect(heard).toEqual(['1']);
    expect(socket.isPaused).toBe(true);
    expect(socket.sent).toEqual(['to 1']);
  });

  it('answers one ping, and the next when that was taken', async () => {
    const { socket } = pace(() => []);

    for (let ping = 1; ping <= 100; ping++) socket.emit('ping', Buffer.from(`${ping}`));
    expect(socket.sent).toEqual(['pong 1']);
    socket.take();
    await waitUntil(() => socket.sent.length > 1);

    expect(socket.sent).toEqual(['pong 1', 'pong 2']);
  });

  it('goes on where it was when all is taken, one message a turn', async () => {
    const { socket, heard } = pace((text) => (text === '1' ? ['one', 'two'] : []));
    const messages = Array.from({ length: 20 }, (_each, index) => `${index + 1}`);
    messages.forEach((message) => socket.say(message));

    const turns = await turnsDuring(async () => {
      socket.take();
      while (socket.isPaused) await new Promise((resolve) => setImmediate(resolve));
    });

    expect(heard).toEqual(messages);
    expect(turns).toBeGreaterThanOrEqual(19);
  });

  it('says when what it was sent is taken', async () => {
    const { socket, paced } = pace(() => []);
    let isTaken = false;
    paced.send('one');
    paced.send('two');
    void paced.taken().then(() => (isTaken = true));

    await new Promise((resolve) => setImmediate(resolve));
    expect(isTaken).toBe(false);
    socket.take();
    await paced.taken();

    expect(socket.isPaused).toBe(false);
  });
});

describe('the gateway over WebSocket', () => {
  it('begins nothing for a client that leaves its answers, and all when they are taken', async () => {
    const library = await startLibrary();
    const name = 'x'.repeat(2_000_000);
    let asked = 0;
    let answered = 0;
    let answer = (): void => undefined;
    const answering = new Promise<void>((resolve) => (answer = resolve));
    library.subgraphs['people']!.misbehave((_request, response) => {
      asked += 1;
      response.once('close', () => (answered += 1));
      void answering.then(() => response.json({ data: { person: { name } } }));
    });
    const [client, other] = [new Conversation(library.gateway.url), new Conversation(library.gateway.url)];
    await client.greet();
    await other.greet();
    /** What was to happen has happened when others were answered so often. */
    const settle = async (): Promise<void> => {
      for (let id = 0; id < 20; id++) {
        other.heard.length = 0;
        await other.say({ type: 'subscribe', id: 'o', payload: { query: '{ version }' } });
        await other.hear('complete');
      }
    };
    const ask = (id: string): Promise<void> =>
      client.say({
        type: 'subscribe',
        id,
        payload: { query: 'query ($id: ID!) { person(id: $id) { name } }', variables: { id } },
      });

    client.socket.pause();
    // More than the operating system keeps for a connection.
    for (let id = 1; id <= 20; id++) await ask(`${id}`);
    await waitUntil(() => asked === 20);
    answer();
    await waitUntil(() => answered === 20);
    await settle();
    for (let id = 21; id <= 60; id++) await ask(`${id}`);
    await settle();
    const askedUnread = asked;
    client.socket.resume();
    await waitUntil(() => client.heard.filter(({ type }) => type === 'complete').length === 60);
    await Promise.all([client.leave(), other.leave()]);
    await library.stop();

    expect(askedUnread).toBe(20);
    expect(asked).toBe(60);
  });

  it('answers pings without the payload that they bring', async () => {
    const library = await startLibrary();
    const client = new Conversation(library.gateway.url);

    await client.say({ type: 'ping', payload: { x: 'y'.repeat(1_000) } });
    const pong = await client.hear('pong');
    await client.leave();
    await library.stop();

    expect(pong).toEqual({ type: 'pong' });
  });

  it('answers pings of the WebSocket protocol', async () => {
    const library = await startLibrary();
    const client = new Conversation(library.gateway.url);
    let heard = '';
    client.socket.on('pong', (data) => (heard = String(data)));
    await client.greet();

    client.socket.ping('there?');
    await waitUntil(() => heard === 'there?');

    await client.leave();
    await library.stop();
  });
});
