import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient, type Client as WsClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { GatewayOptions } from '../options.ts';
import { aReview, reviewFeed } from '../testing/library-graph.ts';
import { createMultipartClient } from '../testing/multipart-client.ts';
import { startIssuer, type RunningIssuer } from '../testing/start-issuer.ts';
import { startLibrary, type GraphQLBody, type RunningLibrary } from '../testing/start-library.ts';
import { waitUntil } from '../testing/wait-until.ts';

const query = `subscription($min: Int) {
  reviewAdded(minStars: $min) { text: body about { __typename title ... on Book { cost } author { name } } by { name } }
}`;

/** All transports as the same thing: an operation in, results out. */
interface Transport {
  iterate(params: { query: string; variables?: Record<string, unknown> }): AsyncIterableIterator<GraphQLBody>;
  dispose(): void;
}

describe.each([
  ['graphql-ws', 'sse'],
  ['graphql-sse', 'sse'],
  ['graphql-ws', 'ws'],
  ['graphql-sse on a single connection', 'sse'],
  ['multipart', 'sse'],
] as const)('a subscription over %s, from a subgraph over %s', (protocol, subscriptions) => {
  let issuer: RunningIssuer;
  let library: RunningLibrary;
  const clients: Transport[] = [];

  function connect(token?: string): Transport {
    const url = `${library.gateway.url}/graphql`;
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const clientOf = {
      'graphql-ws': () =>
        createWsClient({
          url: url.replace('http', 'ws'),
          webSocketImpl: WebSocket,
          connectionParams: headers,
          retryAttempts: 0,
        }),
      'graphql-sse': () => createSseClient({ url, headers, retryAttempts: 0 }),
      'graphql-sse on a single connection': () =>
        createSseClient({ url, headers, retryAttempts: 0, singleConnection: true }),
      multipart: () => createMultipartClient({ url, headers }),
    };
    const transport = clientOf[protocol]() as unknown as Transport;
    clients.push(transport);
    return transport;
  }
  const reviews = () => library.subgraphs['reviews']!;
  const opened = (count = 1) => waitUntil(() => reviews().openStreams() === count);

  const start = (options: Partial<GatewayOptions> = {}) =>
    startLibrary({
      tokens: issuer.rules,
      subgraphDeadlineMs: 1_000,
      subgraphs: { reviews: { subscriptions } },
      ...options,
    });

  beforeEach(async () => {
    issuer = await startIssuer();
    library = await start();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.dispose();
    await library.stop();
    await issuer.stop();
  });

  it('brings each event with the data of every subgraph, in the client’s shape', async () => {
    const results = connect().iterate({ query, variables: { min: 3 } });
    const first = results.next();
    await opened();

    reviewFeed.emit('review', aReview({ stars: 1 }));
    reviewFeed.emit('review', aReview({ body: 'Good' }));
    reviewFeed.emit('review', aReview({ body: 'Better', mediumId: 'm3', byId: 'p1' }));

    expect((await first).value).toEqual({
      data: {
        reviewAdded: {
          text: 'Good',
          about: { __typename: 'Book', title: 'Notes', cost: 310, author: { name: 'Ada' } },
          by: { name: 'Grace' },
        },
      },
    });
    expect((await results.next()).value).toEqual({
      data: {
        reviewAdded: {
          text: 'Better',
          about: { __typename: 'Film', title: 'Shortest Path', author: { name: 'Edsger' } },
          by: { name: 'Ada' },
        },
      },
    });
    await results.return?.();
  });

  it('goes on after an event that could not be completed', async () => {
    const results = connect().iterate({ query: 'subscription { reviewAdded { stars by { name moody } } }' });
    const first = results.next();
    await opened();
    library.subgraphs['people']!.misbehave((_request, response) => void response.status(500).end());
    reviewFeed.emit('review', aReview());

    expect((await first).value).toMatchObject({
      data: { reviewAdded: { stars: 5, by: null } },
      errors: [
        {
          path: ['reviewAdded', 'by', 'name'],
          extensions: { code: 'SUBREQUEST_HTTP_ERROR', service: 'people' },
        },
      ],
    });

    library.subgraphs['people']!.misbehave(undefined);
    reviewFeed.emit('review', aReview({ stars: 4, byId: 'p1' }));
    expect((await results.next()).value).toEqual({
      data: { reviewAdded: { stars: 4, by: { name: 'Ada', moody: 'fine' } } },
    });
    await results.return?.();
  });

  it('closes the subgraph’s stream when the client leaves', async () => {
    const results = connect().iterate({ query });
    const first = results.next();
    await opened();

    await results.return?.();

    await opened(0);
    expect((await first).done).toBe(true);
  });

  it('closes it when the client’s connection is lost', async () => {
    const client = connect();
    const results = client.iterate({ query });
    results.next().catch(() => {});
    await opened();

    if (protocol === 'graphql-ws') (client as unknown as WsClient).terminate();
    else client.dispose();

    await opened(0);
  });

  it('ends with an error when the subgraph dies, so that the client can come again', async () => {
    const results = connect().iterate({ query });
    const first = results.next();
    await opened();

    await reviews().stop();

    expect((await first).value).toMatchObject({
      errors: [{ extensions: { code: 'SUBSCRIPTION_UPSTREAM_LOST' } }],
    });
    expect((await results.next()).done).toBe(true);
  });

  it('does not begin when the subgraph is down', async () => {
    await reviews().stop();

    const results = connect().iterate({ query });

    expect((await results.next()).value).toEqual({
      errors: [
        {
          message: 'The subgraph reviews could not be asked.',
          extensions: { code: 'SUBREQUEST_HTTP_ERROR', service: 'reviews' },
        },
      ],
    });
    expect((await results.next()).done).toBe(true);
  });

  it('does not begin when the subgraph refuses it, and says why', async () => {
    const results = connect().iterate({ query: 'subscription { brokenFeed { id } }' });

    expect((await results.next()).value).toMatchObject({
      errors: [
        { message: 'no feed', path: ['brokenFeed'], extensions: { code: 'NO_FEED', service: 'reviews' } },
      ],
    });
    expect((await results.next()).done).toBe(true);
  });

  it('does not begin with a variable of another type', async () => {
    const results = connect().iterate({ query, variables: { min: 'many' } });

    expect((await results.next()).value).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect((await results.next()).done).toBe(true);
  });

  it('ends with an error when the token does', async () => {
    // It is believed for 5 s longer than it says.
    const results = connect(issuer.token({ sub: 'ada' }, { lifetimeSeconds: -3 })).iterate({ query });

    expect((await results.next()).value).toMatchObject({
      errors: [{ extensions: { code: 'SUBSCRIPTION_TOKEN_EXPIRED' } }],
    });
    expect((await results.next()).done).toBe(true);
    await opened(0);
  });

  it('tells the subgraph who subscribes, on the stream and on what follows', async () => {
    const results = connect(issuer.token()).iterate({ query });
    const first = results.next();
    await opened();
    reviewFeed.emit('review', aReview());
    await first;

    const subjects = [reviews(), library.subgraphs['people']!].map(({ received }) => {
      const token = String(received.at(-1)?.headers['x-gateway-identity']);
      return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as unknown;
    });
    expect(subjects).toMatchObject([
      { sub: 'ada', aud: 'reviews' },
      { sub: 'ada', aud: 'people' },
    ]);
    await results.return?.();
  });

  it('is told when the gateway stops', async () => {
    const results = connect().iterate({ query });
    const first = results.next();
    await opened();
    reviewFeed.emit('review', aReview());
    await first;
    const next = results.next();

    await library.gateway.stop();

    expect((await next).value).toMatchObject({ errors: [{ extensions: { code: 'GATEWAY_STOPPING' } }] });
    await opened(0);
  });

  it('that is being opened does not keep the gateway from stopping, and is told', async () => {
    await library.stop();
    // Whatever waits for one of these outlasts the test.
    const ages = 600_000;
    library = await start({ subgraphDeadlineMs: ages, requestDeadlineMs: ages, stopGraceMs: ages });
    let asked = false;
    reviews().misbehave((_request, _response) => {
      asked = true;
    });
    const next = connect().iterate({ query }).next();
    await waitUntil(() => asked);

    await library.gateway.stop();

    expect((await next).value).toMatchObject({ errors: [{ extensions: { code: 'GATEWAY_STOPPING' } }] });
  });

  it('serves queries and mutations on the same connection', async () => {
    const client = connect();
    const results: unknown[] = [];
    for (const operation of ['{ me { name moody } }', 'mutation { rename(id: "p1", name: "A") { name } }']) {
      for await (const result of client.iterate({ query: operation })) results.push(result);
    }

    expect(results).toMatchObject([
      {
        data: { me: { name: 'Grace', moody: null } },
        errors: [{ path: ['me', 'moody'], extensions: { code: 'MOODY', service: 'people' } }],
      },
      { data: { rename: { name: 'A' } } },
    ]);
  });

  it('refuses an operation that does not fit the schema', async () => {
    const read = async (): Promise<unknown> =>
      (await connect().iterate({ query: '{ nothing }' }).next()).value;
    const outcome = await read().catch((error: unknown) => error);

    expect(JSON.stringify(outcome)).toContain('GRAPHQL_VALIDATION_FAILED');
  });
});
