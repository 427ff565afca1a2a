import { Client, fetchExchange, subscriptionExchange, type Exchange, type OperationResult } from '@urql/core';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import WebSocket from 'ws';
import { aReview, reviewFeed } from '../../gateway/src/testing/library-graph.ts';
import { startLibrary, type RunningLibrary } from '../../gateway/src/testing/start-library.ts';
import { waitUntil } from '../../gateway/src/testing/wait-until.ts';
import { deferred, mutation, query, subscription } from './library-documents.ts';

/** A client of a streaming protocol, as its own library has it. */
interface StreamingClient {
  subscribe(
    request: { query: string; variables?: Record<string, unknown> },
    sink: { next(value: never): void; error(error: unknown): void; complete(): void },
  ): () => void;
}

describe('urql', () => {
  let library: RunningLibrary;
  const url = (): string => `${library.gateway.url}/graphql`;
  const opened = (count: number) => waitUntil(() => library.subgraphs['reviews']!.openStreams() === count);
  const clientOf = (...exchanges: Exchange[]) =>
    new Client({ url: url(), exchanges, preferGetMethod: false, requestPolicy: 'network-only' });
  const over = (client: StreamingClient, enableAllOperations: boolean): Exchange =>
    subscriptionExchange({
      enableAllOperations,
      forwardSubscription: ({ query: text, variables }) => ({
        subscribe: (sink) => ({
          unsubscribe: client.subscribe({ query: text!, variables: variables ?? {} }, sink),
        }),
      }),
    });
  const overWs = () => createWsClient({ url: url().replace('http', 'ws'), webSocketImpl: WebSocket });

  /** Every result of an operation, until one is the last. */
  function resultsOf(client: Client, text: string): Promise<OperationResult[]> {
    const results: OperationResult[] = [];
    return new Promise((resolve) => {
      client.query(text, {}).subscribe((result) => {
        results.push(result);
        if (!result.hasNext) resolve(results);
      });
    });
  }

  async function subscribesBy(client: Client): Promise<void> {
    const events: OperationResult[] = [];
    const { unsubscribe } = client.subscription(subscription.text, {}).subscribe((event) => {
      events.push(event);
    });
    await opened(1);
    reviewFeed.emit('review', aReview());
    await waitUntil(() => events.length === 1);
    expect(events[0]).toMatchObject({ data: subscription.data });
    expect(events[0]!.error).toBeUndefined();
    unsubscribe();
    await opened(0);
  }

  beforeAll(async () => {
    library = await startLibrary({ compression: true });
  });
  afterAll(() => library.stop());

  it('asks and changes over HTTP', async () => {
    const client = clientOf(fetchExchange);

    expect((await client.query(query.text, {}).toPromise()).data).toEqual(query.data);
    expect((await client.mutation(mutation.text, {}).toPromise()).data).toEqual(mutation.data);
  });

  it('asks by GET, as it does by default, when its requests have a header that no foreign page can send', async () => {
    const fetchOptions = { headers: { 'apollo-require-preflight': 'true' } };
    const methods: (string | undefined)[] = [];
    const ask = (options: { fetchOptions?: RequestInit }) =>
      new Client({
        url: url(),
        exchanges: [fetchExchange],
        fetch: (input, init) => {
          methods.push(init?.method);
          return fetch(input, init);
        },
        ...options,
      })
        .query(query.text, {})
        .toPromise();

    expect((await ask({ fetchOptions })).data).toEqual(query.data);
    expect((await ask({})).error?.message).toContain('CSRF');
    expect(methods).toEqual(['GET', 'GET']);
  });

  it('reads what is deferred as it comes', async () => {
    const results = await resultsOf(clientOf(fetchExchange), deferred.text);

    expect(results.map(({ data }) => data as unknown)).toEqual([deferred.first, deferred.data]);
    expect(results.map(({ error }) => error)).toEqual([undefined, undefined]);
  });

  it('subscribes by fetch, to server-sent events', async () => {
    await subscribesBy(
      new Client({
        url: url(),
        exchanges: [fetchExchange],
        fetchSubscriptions: true,
        preferGetMethod: false,
      }),
    );
  });

  it.each([
    ['graphql-ws', overWs],
    ['graphql-sse', () => createSseClient({ url: url() })],
    ['graphql-sse on a single connection', () => createSseClient({ url: url(), singleConnection: true })],
  ] as const)('asks, changes, defers and subscribes over %s', async (_protocol, connect) => {
    const streaming = connect();
    const client = clientOf(over(streaming, true));

    expect((await client.query(query.text, {}).toPromise()).data).toEqual(query.data);
    expect((await client.mutation(mutation.text, {}).toPromise()).data).toEqual(mutation.data);
    expect((await resultsOf(client, deferred.text)).at(-1)?.data).toEqual(deferred.data);
    await subscribesBy(client);
    await streaming.dispose();
  });
});
