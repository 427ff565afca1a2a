import { ApolloClient, type ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { CombinedGraphQLErrors, CombinedProtocolErrors } from '@apollo/client/errors';
import { Defer20220824Handler, GraphQL17Alpha9Handler } from '@apollo/client/incremental';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { aReview, reviewFeed } from '../../gateway/src/testing/library-graph.ts';
import { startLibrary, type RunningLibrary } from '../../gateway/src/testing/start-library.ts';
import { waitUntil } from '../../gateway/src/testing/wait-until.ts';
import { deferred, documentOf, mutation, query, subscription } from './library-documents.ts';

// Its fields of the type of each object are its own affair.
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, within: unknown) => (key === '__typename' ? undefined : within));

describe('Apollo Client 4', () => {
  let library: RunningLibrary;
  const opened = (count: number) => waitUntil(() => library.subgraphs['reviews']!.openStreams() === count);
  const http = () => new HttpLink({ uri: `${library.gateway.url}/graphql` });
  const clientOf = (
    link: ApolloLink,
    incrementalHandler: Defer20220824Handler | GraphQL17Alpha9Handler = new Defer20220824Handler(),
  ) =>
    new ApolloClient({
      link,
      cache: new InMemoryCache(),
      incrementalHandler: incrementalHandler as Defer20220824Handler,
      defaultOptions: { query: { fetchPolicy: 'no-cache' } },
    });

  beforeAll(async () => {
    library = await startLibrary({ compression: true });
  });
  afterAll(() => library.stop());

  it('asks and changes over HTTP', async () => {
    const client = clientOf(http());

    expect(plain((await client.query({ query: documentOf(query) })).data)).toEqual(query.data);
    expect(plain((await client.mutate({ mutation: documentOf(mutation) })).data)).toEqual(mutation.data);
    client.stop();
  });

  it.each([
    ['the format of August 2022', () => new Defer20220824Handler()],
    ['the format of graphql-js 17', () => new GraphQL17Alpha9Handler()],
  ] as const)('reads what is deferred in %s, as it comes', async (_format, handlerOf) => {
    const client = clientOf(http(), handlerOf());
    const states: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      client.watchQuery({ query: documentOf(deferred), fetchPolicy: 'network-only' }).subscribe({
        next({ data, dataState }) {
          if (data === undefined) return;
          states.push(plain(data));
          if (dataState === 'complete') resolve();
        },
        error: reject,
      });
    });

    expect(states).toEqual([deferred.first, deferred.data]);
    client.stop();
  });

  it('is told of errors in deferred fragments', async () => {
    const client = clientOf(http());
    const { data, error } = await client.query({
      query: documentOf({ text: '{ person(id: "p2") { id ... @defer { moody } } }' }),
      errorPolicy: 'all',
    });

    expect(plain(data)).toEqual({ person: { id: 'p2', moody: null } });
    expect(CombinedGraphQLErrors.is(error) && error.errors).toMatchObject([
      { path: ['person', 'moody'], extensions: { code: 'MOODY' } },
    ]);
    client.stop();
  });

  it('subscribes over multipart HTTP', async () => {
    const client = clientOf(http());
    const events: unknown[] = [];
    const subscribed = client
      .subscribe({ query: documentOf(subscription) })
      .subscribe(({ data }) => events.push(plain(data)));
    await opened(1);
    reviewFeed.emit('review', aReview());
    await waitUntil(() => events.length === 1);

    expect(events).toEqual([subscription.data]);

    subscribed.unsubscribe();
    await opened(0);
    client.stop();
  });

  it('is told over multipart HTTP why a subscription ended', async () => {
    const own = await startLibrary();
    const client = clientOf(new HttpLink({ uri: `${own.gateway.url}/graphql` }));
    try {
      const ended = new Promise((resolve) => {
        client.subscribe({ query: documentOf(subscription) }).subscribe({
          next: ({ error }) => error !== undefined && resolve(error),
          error: resolve,
        });
      });
      await waitUntil(() => own.subgraphs['reviews']!.openStreams() === 1);
      await own.subgraphs['reviews']!.stop();

      const error = await ended;
      expect(CombinedProtocolErrors.is(error) && error.errors).toMatchObject([
        { extensions: { code: 'SUBSCRIPTION_UPSTREAM_LOST' } },
      ]);
    } finally {
      client.stop();
      await own.stop();
    }
  });

  it('asks, changes, subscribes and defers over WebSocket', async () => {
    const socket = createClient({
      url: `${library.gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    const client = clientOf(new GraphQLWsLink(socket));
    const events: unknown[] = [];

    expect(plain((await client.query({ query: documentOf(query) })).data)).toEqual(query.data);
    expect(plain((await client.mutate({ mutation: documentOf(mutation) })).data)).toEqual(mutation.data);
    expect(plain((await client.query({ query: documentOf(deferred) })).data)).toEqual(deferred.data);
    const subscribed = client
      .subscribe({ query: documentOf(subscription) })
      .subscribe(({ data }) => events.push(plain(data)));
    await opened(1);
    reviewFeed.emit('review', aReview());
    await waitUntil(() => events.length === 1);
    expect(events).toEqual([subscription.data]);

    subscribed.unsubscribe();
    client.stop();
    await socket.dispose();
    await opened(0);
  });
});
