import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { listen, type HttpListener } from './http-listener.ts';

/** More than the stop may take, and far less than a kept connection lives. */
const patienceMs = 60_000;

async function get(listener: HttpListener, agent: Agent): Promise<void> {
  const sent = request(listener.url, { agent });
  sent.end();
  const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream];
  response.resume();
  await once(response, 'end');
}

describe('a listener that is stopped', () => {
  it('does not wait for a connection that a client keeps for later', async () => {
    const agent = new Agent({ keepAlive: true });
    let release = (): void => {};
    const arrived = new Promise<void>((arrive) => {
      release = arrive;
    });
    let answer = (): void => {};
    const listener = await listen(
      (_request, response) => {
        answer = () => response.end('kept');
        release();
      },
      { port: 0, host: '127.0.0.1' },
    );
    const got = get(listener, agent);
    await arrived;

    const stopped = listener.stop(patienceMs);
    answer();

    await Promise.all([got, stopped]);

    expect(listener.server.listening).toBe(false);
    agent.destroy();
  });

  it('does not wait for a connection that was opened in advance', async () => {
    const listener = await listen((_request, response) => response.end(), { port: 0, host: '127.0.0.1' });
    const socket = connect(listener.port, '127.0.0.1');
    await Promise.all([once(socket, 'connect'), once(listener.server, 'connection')]);
    const closed = once(socket, 'close');
    socket.on('error', () => {});

    await listener.stop(patienceMs);
    await closed;

    expect(socket.bytesRead).toBe(0);
  });
});
