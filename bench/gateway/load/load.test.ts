import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { runLoad, type LoadResult } from './load.ts';

const right = '{"data":{"ean":"1","price":null}}';

/** Puts a server under a little load that has this process for its gateway. */
async function load(
  answer: (response: ServerResponse, served: number, request: IncomingMessage) => void,
): Promise<{ result: LoadResult; served: number }> {
  let served = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(response, (served += 1), request));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const result = await runLoad(
      {
        port: (server.address() as AddressInfo).port,
        body: '{"query":"{ ean price }"}',
        headers: {},
        expected: right,
        connections: 4,
        warmUpSeconds: 0.1,
        seconds: 0.3,
        gatewayPid: process.pid,
      },
      async () => undefined,
    );
    return { result, served };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

// It reads what the gateway costs from `/proc`.
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('the load generator', () => {
  it('counts what was answered, and no more than was asked', async () => {
    const { result, served } = await load((response) => response.end(right));
    expect(result).toMatchObject({ failures: 0, answersInAll: served });
    expect(result.answers).toBeGreaterThan(0);
    expect(result.answers).toBeLessThan(served);
    expect(result.p50Ms).toBeLessThanOrEqual(result.p99Ms);
  });

  it('takes an answer whose keys stand in another order', async () => {
    const { result } = await load((response) => response.end('{"data":{"price":null,"ean":"1"}}'));
    expect(result.failures).toBe(0);
  });

  it.each<[string, Parameters<typeof load>[0], string]>([
    ['a wrong answer', (response, n) => response.end(n === 9 ? '{"data":{}}' : right), '200 OK: {"data":{}}'],
    ['a failed request', (response, n) => response.writeHead(n === 9 ? 500 : 200).end(right), '500 Internal'],
    [
      'a broken connection',
      (response, n, request) => (n === 9 ? request.socket.destroy() : response.end(right)),
      'closed a connection before it answered',
    ],
  ])('notices %s among many right ones', async (_, answer, failure) => {
    const { result } = await load(answer);
    expect(result.failures).toBe(1);
    expect(result.failure).toContain(failure);
  });
});
