import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import WebSocket from 'ws';
import { aReview, reviewFeed } from '../../gateway/src/testing/library-graph.ts';
import { startLibrary, type RunningLibrary } from '../../gateway/src/testing/start-library.ts';
import { waitUntil } from '../../gateway/src/testing/wait-until.ts';
import { deferred, mutation, query, subscription } from './library-documents.ts';

/** What both libraries have in common. */
interface StreamingClient {
  iterate(request: { query: string }): AsyncIterableIterator<unknown>;
  dispose(): void | Promise<void>;
}

describe.each([
  [
    'graphql-ws',
    (url: string) => createWsClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket }),
  ],
  ['graphql-sse', (url: string) => createSseClient({ url })],
  ['graphql-sse on a single connection', (url: string) => createSseClient({ url, singleConnection: true })],
] as const)('the client of %s', (_protocol, connect) => {
  let library: RunningLibrary;
  let client: StreamingClient;

  beforeAll(async () => {
    library = await startLibrary();
    client = connect(`${library.gateway.url}/graphql`);
  });
  afterAll(async () => {
    await client.dispose();
    await library.stop();
  });

  it.each([
    ['asks', query],
    ['changes', mutation],
    ['asks in one piece what it would take later', deferred],
  ] as const)('%s', async (_what, { text, data }) => {
    const results: unknown[] = [];
    for await (const result of client.iterate({ query: text })) results.push(result);

    expect(results).toEqual([{ data }]);
  });

  it('subscribes', async () => {
    const { reviews } = library.subgraphs;
    const events = client.iterate({ query: subscription.text });
    const first = events.next();
    await waitUntil(() => reviews!.openStreams() === 1);
    reviewFeed.emit('review', aReview());

    expect((await first).value).toEqual({ data: subscription.data });

    await events.return?.();
    await waitUntil(() => reviews!.openStreams() === 0);
  });
});
