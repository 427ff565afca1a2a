import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { drained } from '@trellis/lifecycle';
import WebSocket from 'ws';
import { post, startLibrary, type RunningLibrary } from '../testing/start-library.ts';
import { waitUntil } from '../testing/wait-until.ts';

const eventBytes = 100_000;
const eventCount = 1_000;
/** More than the operating system keeps for three connections, less than half of what is sent. */
const plentyOfBytes = 45_000_000;

describe('a client that does not read', () => {
  let library: RunningLibrary;
  /** How many events the subgraph could write. */
  let written = 0;

  beforeAll(async () => {
    library = await startLibrary();
    const event = `event: next\ndata: ${JSON.stringify({ data: { reviewAdded: { body: 'x'.repeat(eventBytes) } } })}\n\n`;
    library.subgraphs['reviews']!.misbehave(async (_request, response) => {
      written = 0;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      while (written < eventCount && !response.destroyed) {
        response.write(event);
        written += 1;
        await drained(response);
      }
      response.end('event: complete\ndata:\n\n');
    });
  });
  afterAll(() => library.stop());

  const query = 'subscription { reviewAdded { body } }';

  /**
   * Waits until the subgraph is kept from writing: it writes nothing while other requests go through the gateway one after the other, which is in the
   * same process, and so could have read on between any two steps of theirs.
   */
  async function heldBack(): Promise<void> {
    let before = 0;
    let requests = 0;
    await waitUntil(async () => {
      await post(library.gateway.url, { query: '{ me { name } }' });
      requests = written === before ? requests + 1 : 0;
      before = written;
      return written > 0 && requests === 20;
    });
  }

  it.each([
    ['server-sent events', 'text/event-stream'],
    ['multipart/mixed', 'multipart/mixed;subscriptionSpec=1.0'],
  ])('holds its subgraph back instead of filling memory, over %s', async (_transport, accept) => {
    const sent = request(`${library.gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
    });
    sent.end(JSON.stringify({ query }));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.pause();
    await heldBack();

    expect(written * eventBytes).toBeLessThan(plentyOfBytes);

    let bytes = 0;
    for await (const chunk of response) bytes += (chunk as Buffer).length;
    expect(bytes).toBeGreaterThan(eventBytes * eventCount);
  });

  it('holds its subgraph back over WebSocket too', async () => {
    const socket = new WebSocket(
      `${library.gateway.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    socket.pause();
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    await heldBack();

    expect(written * eventBytes).toBeLessThan(plentyOfBytes);

    let messages = 0;
    socket.on('message', () => (messages += 1));
    socket.resume();
    await waitUntil(() => messages === eventCount + 1);
    socket.close();
    await once(socket, 'close');
  });
});
