import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drained, sendStream } from './send-stream.ts';

describe('drained', () => {
  it('cuts off a client that takes nothing for too long', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
    const sent = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    sent.on('error', () => {});
    sent.once('response', (incoming) => incoming.pause().on('error', () => {}));
    sent.end();
    const [, response] = await asked;
    const chunk = Buffer.alloc(1024 * 1024);
    // The operating system takes some of it, and then no more.
    while (!response.destroyed) {
      response.write(chunk);
      await drained(response, 50);
    }

    expect(response.destroyed).toBe(true);
    expect(response.writableFinished).toBe(false);
    sent.destroy();
    server.close();
    await once(server, 'close');
  });
});

describe('sendStream', () => {
  /** A request, and the response that it is to have. */
  async function asked() {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const arrived = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
    const sent = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    sent.on('error', () => {});
    sent.end();
    const [, response] = await arrived;
    const stop = async (): Promise<void> => {
      sent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    };
    return { sent, response, stop };
  }

  /** Has nothing to say until it is told to end. */
  function silence(): AsyncGenerator<string, void, void> {
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    const done = { done: true, value: undefined } as const;
    const generator = (async function* () {})();
    return Object.assign(generator, {
      next: () => ended.then(() => done),
      return: async () => {
        end();
        return done;
      },
    });
  }

  it('ends the source for a reader that has left already', async () => {
    const { sent, response, stop } = await asked();
    sent.destroy();
    await once(response, 'close');

    await sendStream(response, silence());

    expect(response.writableEnded).toBe(true);
    await stop();
  });

  it('leaves nothing on the response when the source breaks', async () => {
    const { response, stop } = await asked();
    const before = response.listenerCount('close');
    // eslint-disable-next-line require-yield
    const broken = (async function* (): AsyncGenerator<string, void, void> {
      throw new Error('broken');
    })();

    await expect(sendStream(response, broken)).rejects.toThrow('broken');

    expect(response.listenerCount('close')).toBe(before);
    await stop();
  });
});
