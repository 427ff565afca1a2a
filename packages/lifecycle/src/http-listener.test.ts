import { once } from 'node:events';
import { Agent, request, type IncomingMessage, type RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '../../../tests/support/wait-for.ts';
import { listen, type HttpListener } from './http-listener.ts';

/** More than the stop may take, and far less than a kept connection lives. */
const patienceMs = 60_000;
const sockets: Socket[] = [];

afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));

function serve(
  handler: RequestListener,
  options: Partial<Parameters<typeof listen>[1]> = {},
): Promise<HttpListener> {
  return listen(handler, { port: 0, host: '127.0.0.1', ...options });
}

/** Sends a request and waits for the whole of its answer. */
async function get(listener: HttpListener, agent: Agent): Promise<IncomingMessage> {
  const sent = request(listener.url, { agent });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response;
}

/** A connection on which the test says every byte itself. `heard` is what came so far. */
async function open({ port, server }: HttpListener) {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  const connection = { socket, heard: '', closed: once(socket, 'close') };
  socket.on('data', (chunk) => (connection.heard += String(chunk)));
  await Promise.all([once(socket, 'connect'), once(server, 'connection')]);
  return connection;
}

const plainRequest = 'GET / HTTP/1.1\r\nhost: here\r\n\r\n';

describe('a listener that is stopped', () => {
  it('resets no client of a busy connection', async () => {
    const listener = await serve((_request, response) => setImmediate(() => response.end('busy')));
    let answered = 0;
    const client = async (): Promise<unknown> => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      try {
        for (;;) {
          await get(listener, agent);
          answered += 1;
        }
      } catch (error) {
        return (error as NodeJS.ErrnoException).code;
      } finally {
        agent.destroy();
      }
    };
    const clients = Array.from({ length: 20 }, client);
    await waitFor('the clients to be at work', () => answered > 200);

    await listener.stop(patienceMs);

    expect(new Set(await Promise.all(clients))).toEqual(new Set(['ECONNREFUSED']));
  });

  it('answers a request that comes on a kept connection, and asks to close it', async () => {
    const listener = await serve((_request, response) => response.end('whole'));
    const client = await open(listener);
    client.socket.write(plainRequest);
    await waitFor('the first answer', () => client.heard.includes('whole'));
    expect(client.heard).toContain('Connection: keep-alive');
    client.heard = '';

    const stopped = listener.stop(patienceMs);
    client.socket.write(plainRequest);
    await stopped;
    await client.closed;

    expect(client.heard).toContain('whole');
    expect(client.heard).toMatch(/^connection: close/im);
  });

  it('asks to close a connection whose request was in hand', async () => {
    let answer = (): void => undefined;
    const listener = await serve((_request, response) => {
      answer = () => response.writeHead(200, ['content-type', 'text/plain']).end('late');
    });
    const client = await open(listener);
    const arrived = once(listener.server, 'request');
    client.socket.write(plainRequest);
    await arrived;

    const stopped = listener.stop(patienceMs);
    answer();
    await stopped;
    await client.closed;

    expect(client.heard).toMatch(/^connection: close/im);
    expect(client.heard).toContain('late');
  });

  it('does not wait for a connection that a client keeps for later', async () => {
    const agent = new Agent({ keepAlive: true });
    let answer = (): void => undefined;
    const listener = await serve((_request, response) => {
      response.write('it began as one that is kept');
      answer = () => response.end();
    });
    const arrived = once(listener.server, 'request');
    const got = get(listener, agent);
    await arrived;

    const stopped = listener.stop(patienceMs);
    answer();
    await Promise.all([got, stopped]);

    expect(listener.server.listening).toBe(false);
    agent.destroy();
  });

  it('does not wait for a connection that was opened in advance', async () => {
    const listener = await serve((_request, response) => response.end());
    const { socket, closed } = await open(listener);

    await listener.stop(patienceMs);
    await closed;

    expect(socket.bytesRead).toBe(0);
  });

  it('leaves an upgraded connection to its owner', async () => {
    const listener = await serve((_request, response) => response.end());
    listener.server.on('upgrade', (_request, socket) => {
      socket.on('end', () => socket.end()).resume();
      socket.write('upgraded');
    });
    const client = await open(listener);
    client.socket.write('GET / HTTP/1.1\r\nhost: here\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    await waitFor('the upgrade', () => client.heard === 'upgraded');
    const idle = await open(listener);

    const stopped = listener.stop(patienceMs);
    await idle.closed; // and the upgraded one, as idle as this, is not

    expect(client.socket.closed).toBe(false);
    client.socket.end();
    await stopped;
  });
});

describe('a client that takes nothing', () => {
  it('is cut off when its answer has been waiting for too long', async () => {
    let isClosed = false;
    // More than the operating system keeps for a connection.
    const answer = Buffer.alloc(64 * 1024 * 1024);
    const listener = await serve(
      (_request, response) => {
        response.once('close', () => (isClosed = true));
        response.end(answer);
      },
      { untakenMs: 50 },
    );
    const { socket, closed } = await open(listener);

    socket.pause().write(plainRequest);
    await waitFor('the connection to be cut', () => isClosed);

    socket.resume();
    await closed;
    expect(socket.bytesRead).toBeLessThan(answer.length);
    await listener.stop(patienceMs);
  });

  it('is not cut off while there is nothing to take', async () => {
    const listener = await serve(
      ({ socket }, response) => {
        // By now, one that had something to take would be cut.
        socket.once('timeout', () => setImmediate(() => response.end('late')));
      },
      { untakenMs: 50 },
    );
    const client = await open(listener);

    client.socket.write(plainRequest);

    await waitFor('the answer', () => client.heard.includes('late'));
    await listener.stop(patienceMs);
  });
});

describe('a connection that nobody uses', () => {
  it('is closed, before its first request and after the last', async () => {
    const listener = await serve((_request, response) => response.end('whole'), {
      untakenMs: 50,
      keepAliveMs: 50,
    });
    const [fresh, used] = [await open(listener), await open(listener)];
    used.socket.write(plainRequest);
    await waitFor('the answer', () => used.heard.includes('whole'));

    await Promise.all([fresh.closed, used.closed]);
    await listener.stop(patienceMs);
  });
});

describe('a listener that serves WebSocket', () => {
  it.each([
    ['GET', ''],
    ['POST', 'six by'],
  ])('answers a %s that offers HTTP/2 in passing as the request that it is', async (method, body) => {
    const listener = await serve((incoming, response) => {
      let read = '';
      incoming.on('data', (chunk) => (read += String(chunk)));
      incoming.on('end', () => response.end(`read ${incoming.method} "${read}"`));
    });
    let upgrades = 0;
    listener.server.on('upgrade', (_request, socket) => {
      upgrades += 1;
      socket.end();
    });
    const client = await open(listener);

    client.socket.write(
      `${method} / HTTP/1.1\r\nhost: here\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\n` +
        `http2-settings: AAMAAABkAAQAoAAAAAIAAAAA\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await waitFor('the answer', () => client.heard.includes(`read ${method} "${body}"`));
    client.socket.write(plainRequest); // the connection is good for more

    await waitFor('the next answer', () => client.heard.includes('read GET ""'));
    expect(client.heard).toMatch(/^HTTP\/1\.1 200 /);
    expect(upgrades).toBe(0);
    await listener.stop(patienceMs);
  });
});
