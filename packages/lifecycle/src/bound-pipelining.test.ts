import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { turnsDuring } from '../../../tests/support/turns-during.ts';
import { waitFor } from '../../../tests/support/wait-for.ts';
import { listen, type HttpListener } from './http-listener.ts';

const listeners: HttpListener[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  sockets.splice(0).forEach((socket) => socket.destroy());
  await Promise.all(listeners.splice(0).map((listener) => listener.stop(0)));
});

async function serve(handler: RequestListener): Promise<HttpListener> {
  const listener = await listen(handler, { port: 0, host: '127.0.0.1' });
  listeners.push(listener);
  return listener;
}

/** A connection on which the test says every byte itself, and the gateway's end of it. */
async function open({ port, server }: HttpListener) {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  const connection = { socket, served: (await accepted)[0], heard: '' };
  socket.on('data', (chunk) => (connection.heard += String(chunk)));
  return connection;
}

/** One whose answer is next, and sixteen behind it. */
const most = 17;

const requestOf = (path: number | string, body = ''): string =>
  `POST /${path} HTTP/1.1\r\nhost: here\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
const requests = (count: number, body = ''): string =>
  Array.from({ length: count }, (_each, index) => requestOf(index, body)).join('');

/** A handler that answers when it is told to. */
function holding() {
  const held: { readonly path: string; readonly response: ServerResponse }[] = [];
  const seen: string[] = [];
  const handler: RequestListener = (request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      held.push({ path: request.url!, response });
      seen.push(`${request.url} ${body}`);
    });
  };
  return {
    handler,
    held,
    seen,
    answer: () => held.splice(0).forEach(({ path, response }) => response.end(`<${path}>`)),
  };
}

describe('requests that come on one connection without waiting for answers', () => {
  it('are under way sixteen at a time, and answered all, in their order', async () => {
    const { handler, held, seen, answer } = holding();
    const listener = await serve(handler);
    let arrived = 0;
    listener.server.on('request', () => (arrived += 1));
    const client = await open(listener);

    client.socket.write(requests(100, 'six by'));
    await waitFor('all to come, and the first to be held', () => arrived === 100 && held.length >= most);
    const atFirst = held.length;
    let atOnce = 0;
    await waitFor('all answers', () => {
      atOnce = Math.max(atOnce, held.length);
      answer();
      return client.heard.includes('</99>');
    });

    const inOrder = Array.from({ length: 100 }, (_each, index) => index);
    expect(atFirst).toBe(most);
    expect(atOnce).toBeLessThanOrEqual(most);
    expect(seen).toEqual(inOrder.map((index) => `/${index} six by`));
    expect(client.heard.match(/<.*?>/g)).toEqual(inOrder.map((index) => `</${index}>`));
  });

  it('are left with the client while as many as may be are under way', async () => {
    const { handler, held, answer } = holding();
    const listener = await serve(handler);
    const client = await open(listener);
    const sent = requests(50_000, 'six by');

    client.socket.write(sent);
    await waitFor('reading to stop', () => held.length === most && client.served.isPaused());
    // Answers make room for as many, and none for what has not been read.
    for (let round = 0; round < 3; round++) {
      answer();
      await waitFor('the next', () => held.length >= 16);
    }

    expect(client.served.bytesRead).toBeLessThan(sent.length / 10);
  });

  it('come to an end with a body that arrives later', async () => {
    const { handler, seen, answer } = holding();
    const listener = await serve(handler);
    const client = await open(listener);
    const last = requestOf('last', 'in two parts');

    client.socket.write(requests(40) + last.slice(0, -5));
    await waitFor('reading to stop', () => client.served.isPaused());
    client.socket.write(last.slice(-5));
    await waitFor('all answers', () => {
      answer();
      return client.heard.includes('</last>');
    });

    expect(seen.at(-1)).toBe('/last in two parts');
  });

  it('hold up no other connection, however soon each is answered', async () => {
    let served = 0;
    let end = (): void => undefined;
    const listener = await serve((_request, response) => {
      served += 1;
      response.end();
      if (served === 160) end();
    });
    const client = await open(listener);

    const turns = await turnsDuring(() => {
      client.socket.write(requests(160));
      return new Promise<void>((resolve) => (end = resolve));
    });

    expect(turns).toBeGreaterThanOrEqual(160 / most);
  });

  it('have each a response that closes when the client leaves', async () => {
    const { handler, held } = holding();
    const listener = await serve(handler);
    const client = await open(listener);
    client.socket.write(requests(12));
    await waitFor('all to be under way', () => held.length === 12);
    held.shift()!.response.end('first');
    await waitFor('the first answer', () => client.heard.includes('first'));
    let closed = 0;
    held.forEach(({ response }) => response.on('close', () => (closed += 1)));

    client.socket.destroy();
    await waitFor('every response to be closed', () => held.every(({ response }) => response.destroyed));
    await listener.stop(0);

    expect(closed).toBe(11);
    expect(held.some(({ response }) => response.writableFinished)).toBe(false);
  });

  it('are not begun when the connection is over before their turn', async () => {
    const { handler, held } = holding();
    const listener = await serve(handler);
    const client = await open(listener);
    let closed = 0;
    listener.server.on('request', (_request, response) => response.once('close', () => (closed += 1)));
    client.socket.write(requests(40));
    await waitFor('as many as may be to be under way', () => held.length === most);

    client.served.destroy();
    await waitFor('every response to be closed', () => closed === 40);

    expect(held.length).toBe(most);
  });
});
