import { aReview, reviewFeed } from '../testing/library-graph.ts';
import { startLibrary, type GraphQLBody, type RunningLibrary } from '../testing/start-library.ts';
import { waitUntil } from '../testing/wait-until.ts';

describe('the gateway by server-sent events', () => {
  let library: RunningLibrary;

  beforeAll(async () => {
    library = await startLibrary();
  });
  afterAll(() => library.stop());

  const json = { 'content-type': 'application/json' };
  const send = (body: unknown, headers: Record<string, string>, method = 'POST'): Promise<Response> =>
    fetch(`${library.gateway.url}/graphql`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const typeOf = (response: Response): string => response.headers.get('content-type')!.split(';')[0]!;

  it.each([
    ['text/event-stream', 'text/event-stream'],
    ['text/event-stream;q=0.9, application/json;q=0.8', 'text/event-stream'],
    ['text/event-stream, application/json', 'text/event-stream'],
    ['application/json, text/event-stream;q=0.1', 'application/json'],
    ['application/graphql-response+json, text/event-stream;q=0.5', 'application/graphql-response+json'],
    ['application/json, text/event-stream', 'application/json'],
    ['application/json;q=0.1, text/event-stream;q=0', 'application/json'],
    ['*/*', 'application/json'],
  ])('answers a query that accepts %s by %s', async (accept, type) => {
    const response = await send({ query: '{ version }' }, { ...json, accept });

    expect([response.status, typeOf(response)]).toEqual([200, type]);
    expect(await response.text()).toContain('{"data":{"version":"1"}}');
  });

  it('answers a subscription by events when nothing else that is accepted can carry it', async () => {
    const response = await send(
      { query: 'subscription { reviewAdded { stars } }' },
      { ...json, accept: 'application/json, text/event-stream;q=0.1' },
    );
    await waitUntil(() => library.subgraphs['reviews']!.openStreams() === 1);
    reviewFeed.emit('review', aReview());
    let heard = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      heard += chunk;
      if (heard.includes('event: next')) break;
    }

    expect(typeOf(response)).toBe('text/event-stream');
    expect(heard).toContain('data: {"data":{"reviewAdded":{"stars":5}}}');
    await waitUntil(() => library.subgraphs['reviews']!.openStreams() === 0);
  });

  it('reads the whole of a query that holds a question mark', async () => {
    const query = '{ person(id: "p1?p2") { name } version }'.replaceAll(' ', '%20');
    const response = await fetch(`${library.gateway.url}/graphql?query=${query}`, {
      headers: { accept: 'text/event-stream' },
    });

    expect(await response.text()).toContain('{"data":{"person":null,"version":"1"}}');
  });

  it('keeps caches away', async () => {
    const response = await send({ query: '{ version }' }, { ...json, accept: 'text/event-stream' });
    await response.text();

    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  const events = { accept: 'text/event-stream' };

  it.each<[string, number, () => Promise<Response>]>([
    [
      'another type of body',
      415,
      () => send({ query: '{ version }' }, { ...events, 'content-type': 'text/plain' }),
    ],
    ['a method that carries no operation', 405, () => send(undefined, events, 'DELETE')],
    ['a query that is not text', 400, () => send({ query: 1 }, { ...json, ...events })],
    [
      'variables that are a list',
      400,
      () => send({ query: '{ version }', variables: [] }, { ...json, ...events }),
    ],
    ['a batch', 400, () => send([{ query: '{ version }' }], { ...json, ...events })],
    [
      'broken variables',
      400,
      () => fetch(`${library.gateway.url}/graphql?query={version}&variables={`, { headers: events }),
    ],
  ])('refuses %s with a code', async (_what, status, ask) => {
    const response = await ask();
    const body = (await response.json()) as GraphQLBody;

    expect([response.status, typeOf(response)]).toEqual([status, 'application/json']);
    expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
  });

  it('tells the errors of an operation with their codes', async () => {
    const codes = [];
    for (const body of [
      {},
      { query: '{' },
      { query: '{ x }' },
      { query: 'query A { version }', operationName: 'B' },
    ]) {
      codes.push(/"code":"(\w+)"/.exec(await (await send(body, { ...json, ...events })).text())?.[1]);
    }

    expect(codes).toEqual([
      'BAD_REQUEST',
      'GRAPHQL_PARSE_FAILED',
      'GRAPHQL_VALIDATION_FAILED',
      'OPERATION_RESOLUTION_FAILURE',
    ]);
  });
});
