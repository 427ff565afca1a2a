import { createRecordingLogger } from '../../../tests/support/recording-logger.ts';
import { libraryOperations, type LibraryOperation } from '../testing/library-operations.ts';
import { startIssuer, type RunningIssuer } from '../testing/start-issuer.ts';
import { post, startLibrary, type RunningLibrary } from '../testing/start-library.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | null>>;
  readonly body: string;
  /** Express tags what it sends, and the hot path has no use for tags of answers that nobody may keep. */
  readonly hot: boolean;
}

const comparedHeaders = [
  'content-type',
  'cache-control',
  'x-correlation-id',
  'vary',
  'access-control-allow-origin',
  'access-control-expose-headers',
  'www-authenticate',
  'content-length',
];

describe('the hot path', () => {
  let issuer: RunningIssuer;
  let library: RunningLibrary;

  beforeAll(async () => {
    issuer = await startIssuer();
    library = await startLibrary({
      tokens: issuer.rules,
      corsOrigins: ['https://shop.example'],
      forwardHeaders: ['x-tenant'],
      maxRequestBytes: 100_000,
    });
  });
  afterAll(async () => {
    await library.stop();
    await issuer.stop();
  });

  const send = async (body: string, headers: Record<string, string>, path: string): Promise<Answer> => {
    const response = await fetch(`${library.gateway.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-correlation-id': 'c1', ...headers },
      body,
    });
    return {
      status: response.status,
      headers: Object.fromEntries(comparedHeaders.map((name) => [name, response.headers.get(name)])),
      body: await response.text(),
      hot: response.headers.get('etag') === null,
    };
  };
  /** Asks by the way through Apollo Server, which a query string forces, then by the hot path. */
  const bothWays = async (
    request: object | string,
    headers: Record<string, string> = {},
  ): Promise<{ apollo: Omit<Answer, 'hot'>; direct: Omit<Answer, 'hot'>; hot: boolean }> => {
    const body = typeof request === 'string' ? request : JSON.stringify(request);
    const { hot: never, ...apollo } = await send(body, headers, '/graphql?slow');
    const { hot, ...direct } = await send(body, headers, '/graphql');
    expect(never).toBe(false);
    return { apollo: inOrder(apollo), direct: inOrder(direct), hot };
  };

  it.each(Object.entries(libraryOperations))(
    'answers %s with the same bytes',
    async (_what, operation: LibraryOperation) => {
      const { apollo, direct, hot } = await bothWays(operation);

      expect(direct).toEqual(apollo);
      expect(hot).toBe(true);
    },
  );

  const known = { query: 'query Q($id: ID!) { person(id: $id) { name } }', variables: { id: 'p1' } };

  it.each<[string, Record<string, string>]>([
    ['an allowed origin', { origin: 'https://shop.example' }],
    ['a foreign origin', { origin: 'https://evil.example' }],
    ['the media type of GraphQL over HTTP', { accept: 'application/graphql-response+json' }],
    ['both media types', { accept: 'application/graphql-response+json,application/json;q=0.9' }],
    ['JSON or text', { accept: 'application/json, text/plain, */*' }],
    [
      'everything that urql takes',
      {
        accept:
          'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
      },
    ],
    ['a charset', { 'content-type': 'application/json; charset=UTF-8' }],
    ['a header to pass on', { 'x-tenant': 't1' }],
  ])('serves a request with %s the same', async (_what, headers) => {
    const { apollo, direct, hot } = await bothWays(known, headers);

    expect(direct).toEqual(apollo);
    expect(hot).toBe(true);
  });

  it('serves a caller who has a token the same', async () => {
    const { apollo, direct, hot } = await bothWays(known, { authorization: `Bearer ${issuer.token()}` });

    expect(direct).toEqual(apollo);
    expect(hot).toBe(true);
  });

  it('serves extensions that it has nothing to do with, an operation by name, and variables that are null', async () => {
    const query = 'query A { a: version } query B { b: version }';
    for (const request of [
      { ...known, extensions: { clientLibrary: { name: 'x' } } },
      { query, operationName: 'B', variables: null, extensions: null },
      { query: '{ version }', operationName: null },
      `\ufeff${JSON.stringify(known)}`,
    ]) {
      const { apollo, direct, hot } = await bothWays(request);

      expect(direct).toEqual(apollo);
      expect(hot).toBe(true);
    }
  });

  it.each<[string, object | string, Record<string, string>?]>([
    ['a bad variable', { ...known, variables: { id: {} } }],
    ['a missing variable', { query: known.query }],
    [
      'a missing variable of an operation that is not compiled',
      { query: 'query I($n: Boolean!) { __schema { queryType { name @include(if: $n) } } }' },
    ],
    ['variables that are a list', { ...known, variables: [] }],
    ['an invalid token', known, { authorization: 'Bearer x' }],
    ['an operation that is not there', { ...known, operationName: 'Other' }],
    ['an empty name', { ...known, operationName: '' }],
    ['broken JSON', '{"query":'],
    ['JSON that is no object', '"query"'],
    ['a batch', [known]],
    ['no query', { variables: {} }],
    ['a query that is not text', { query: 1 }],
    ['a syntax error', { query: '{' }],
    ['an unknown field', { query: '{ nothing }' }],
    [
      'a persisted query that is not',
      { query: '{ version }', extensions: { persistedQuery: { version: 2 } } },
    ],
    ['a subscription', { query: 'subscription { brokenFeed { id } }' }],
    ['another type of content', known, { 'content-type': 'text/plain' }],
    ['a type that cannot be had', known, { accept: 'text/html' }],
  ])('leaves %s to Apollo Server', async (_what, request, headers = {}) => {
    const { apollo, direct, hot } = await bothWays(request, headers);

    expect(direct).toEqual(apollo);
    expect(hot && !headers['accept']).toBe(false);
  });

  it('gives subgraphs the same requests', async () => {
    const { received } = library.subgraphs['reviews']!;
    const request = {
      query: 'query($id: ID!) { person(id: $id) { reviews { body } } }',
      variables: { id: 'p2' },
    };
    received.length = 0;

    await bothWays(request, {
      'x-tenant': 't1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });

    expect(received).toHaveLength(2);
    expect(received[1]).toEqual(received[0]);
  });
});

/** Errors are reported in the order that fetches end in. */
function inOrder(answer: Omit<Answer, 'hot'>): Omit<Answer, 'hot'> {
  const { errors, ...rest } = JSON.parse(answer.body) as { errors?: object[] };
  if (errors === undefined || errors.length < 2) return answer;
  const sorted = errors.map((error) => JSON.stringify(error)).sort();
  return { ...answer, body: JSON.stringify({ errors: sorted, ...rest }) };
}

it('tells once that a token could not be checked', async () => {
  const issuer = await startIssuer();
  const { logger, lines } = createRecordingLogger();
  const away = { ...issuer.rules, jwksUrls: ['http://127.0.0.1:1/jwks'] };
  const library = await startLibrary({ tokens: away, logger });
  const request = { query: '{ version }' };
  await post(library.gateway.url, request);

  const { status } = await post(library.gateway.url, request, { authorization: `Bearer ${issuer.token()}` });

  expect(status).toBe(503);
  expect(lines.filter((line) => line.includes('cannot be reached'))).toHaveLength(1);
  await library.stop();
  await issuer.stop();
});
