import { jest } from '@jest/globals';
import express from 'express';
import { OperationTypeNode, parse, type FormattedExecutionResult } from 'graphql';
import { createLogger, listen, type HttpListener } from '@trellis/lifecycle';
import { createGateway, type Gateway } from '../create-gateway.ts';
import { compose } from '../testing/compose.ts';
import { aReview, librarySubgraphs, reviewFeed } from '../testing/library-graph.ts';
import { createMultipartClient, partsOf } from '../testing/multipart-client.ts';
import { post } from '../testing/start-library.ts';
import { startSubgraph, type RunningSubgraph } from '../testing/start-subgraph.ts';
import { waitUntil } from '../testing/wait-until.ts';
import { sendMultipartEvents } from './multipart-events.ts';

const accept = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json;q=0.9';

function subscribe(url: string, query: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, ...headers },
    body: JSON.stringify({ query }),
  });
}

describe('a subscription over multipart/mixed', () => {
  let subgraphs: RunningSubgraph[];
  let supergraphSdl: string;
  let gateway: Gateway;
  let offerSupergraph: (supergraphSdl: string) => void = () => {};
  const opened = (count: number) =>
    waitUntil(() => subgraphs.reduce((sum, subgraph) => sum + subgraph.openStreams(), 0) === count);

  beforeAll(async () => {
    subgraphs = await Promise.all(librarySubgraphs.map(startSubgraph));
    supergraphSdl = compose(subgraphs);
    gateway = await createGateway({
      supergraph: {
        load: async () => supergraphSdl,
        watch(onChange) {
          offerSupergraph = onChange;
          return { stop: async () => {} };
        },
      },
      port: 0,
      logger: createLogger('gateway', 'silent'),
      introspection: true,
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
  });

  it('is one response, whose parts hold the events', async () => {
    const response = await subscribe(gateway.url, 'subscription { reviewAdded { stars } }');
    await opened(1);
    reviewFeed.emit('review', aReview({ stars: 4 }));
    const parts = partsOf(response.body!, 'graphql');

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(
      'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
    );
    expect((await parts.next()).value).toEqual({ payload: { data: { reviewAdded: { stars: 4 } } } });

    await parts.return(undefined);
    await opened(0);
  });

  it('outlives the supergraph that it began with', async () => {
    const client = createMultipartClient({ url: `${gateway.url}/graphql`, headers: {} });
    const results = client.iterate({ query: 'subscription { reviewAdded { stars by { name } } }' });
    const first = results.next();
    await opened(1);

    offerSupergraph(supergraphSdl.replace('type Person', '"Newer"\ntype Person'));
    const { body } = await post(gateway.url, { query: '{ __type(name: "Person") { description } }' });
    expect(body).toEqual({ data: { __type: { description: 'Newer' } } });
    reviewFeed.emit('review', aReview({ stars: 2 }));

    expect((await first).value).toEqual({ data: { reviewAdded: { stars: 2, by: { name: 'Grace' } } } });
    await results.return?.();
    await opened(0);
  });

  it.each([
    ['that does not fit the schema', 'subscription { nothing }', {}, 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'with a token that nobody checks',
      'subscription { reviewAdded { id } }',
      { authorization: 'Bearer x' },
      401,
      'UNAUTHENTICATED',
    ],
  ])('is refused in JSON %s', async (_why, query, headers, status, code) => {
    const response = await subscribe(gateway.url, query, headers);

    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  });

  it('says that it is over by no event, when its subgraph goes away', async () => {
    const [reviews] = subgraphs.filter(({ name }) => name === 'reviews');
    reviews!.misbehave((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      response.destroy();
    });
    const { body } = await subscribe(gateway.url, 'subscription { reviewAdded { stars } }');

    expect((await partsOf(body!, 'graphql').next()).value).toMatchObject({
      payload: null,
      errors: [{ extensions: { code: 'SUBSCRIPTION_UPSTREAM_LOST' } }],
    });
    reviews!.misbehave(undefined);
  });

  it('gives an event for what it is, whatever code its subgraph has put there', async () => {
    const [reviews] = subgraphs.filter(({ name }) => name === 'reviews');
    const event = {
      data: { reviewAdded: { stars: 5, body: null } },
      errors: [{ message: 'm', path: ['reviewAdded', 'body'], extensions: { code: 'GATEWAY_STOPPING' } }],
    };
    reviews!.misbehave((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`event: next\ndata: ${JSON.stringify(event)}\n\nevent: complete\ndata:\n\n`);
    });
    const { body } = await subscribe(gateway.url, 'subscription { reviewAdded { stars body } }');

    expect((await partsOf(body!, 'graphql').next()).value).toMatchObject({ payload: { data: event.data } });
    reviews!.misbehave(undefined);
  });

  it('leaves queries to those who answer them', async () => {
    const response = await subscribe(gateway.url, '{ me { name } }');

    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toEqual({ data: { me: { name: 'Grace' } } });
  });
});

/** Serves one subscription by a stream of the test's own, with many heartbeats. */
async function serve(stream: AsyncGenerator<FormattedExecutionResult, void, void>): Promise<HttpListener> {
  const results = Object.assign(stream, { ended: Promise.resolve(), end: async () => {} });
  const prepared = {
    kind: 'prepared',
    type: OperationTypeNode.SUBSCRIPTION,
    document: parse('subscription { s }'),
    run: async () => ({ kind: 'stream', stream: results }) as const,
  } as const;
  const app = express().use(
    (_request: express.Request, response: express.Response) => sendMultipartEvents(response, prepared, 5),
    ((_error, _request, response, _next) => response.destroy()) as express.ErrorRequestHandler,
  );
  return listen(app, { port: 0, host: '127.0.0.1' });
}

it('tells the client now and then that a silent stream is alive', async () => {
  let end = (): void => {};
  const held = new Promise<void>((resolve) => (end = resolve));
  async function* silence(): AsyncGenerator<FormattedExecutionResult, void, void> {
    await held;
    yield { data: null };
  }
  const listener = await serve(silence());

  try {
    const parts = partsOf((await subscribe(listener.url, 'subscription { s }')).body!, 'graphql');
    expect((await parts.next()).value).toEqual({});
    expect((await parts.next()).value).toEqual({});
    end();
    let last: object = {};
    for await (const part of parts) last = part;
    expect(last).toEqual({ payload: { data: null } });
  } finally {
    end();
    await listener.stop(0);
  }
});

it('leaves nothing of a stream that breaks', async () => {
  const begun = jest.spyOn(globalThis, 'setInterval');
  const cleared = jest.spyOn(globalThis, 'clearInterval');
  // eslint-disable-next-line require-yield
  const broken = (async function* (): AsyncGenerator<FormattedExecutionResult, void, void> {
    throw new Error('broken');
  })();
  const given = jest.spyOn(broken, 'return');
  const listener = await serve(broken);

  try {
    const answered = subscribe(listener.url, 'subscription { s }').then((response) => response.text());
    await expect(answered).rejects.toThrow();

    const heartbeat = begun.mock.results[begun.mock.calls.findIndex(([, everyMs]) => everyMs === 5)]?.value;
    expect(cleared.mock.calls.some(([timer]) => timer === heartbeat)).toBe(true);
    // By the listener for a client that leaves.
    expect(given).not.toHaveBeenCalled();
  } finally {
    begun.mockRestore();
    cleared.mockRestore();
    await listener.stop(0);
  }
});
