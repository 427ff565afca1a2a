import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drained } from './send-stream.ts';

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
