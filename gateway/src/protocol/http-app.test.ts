import { createHash } from 'node:crypto';
import { post, startLibrary, type GraphQLBody, type RunningLibrary } from '../testing/start-library.ts';

describe('the gateway over HTTP', () => {
  let library: RunningLibrary;
  let url: string;

  beforeAll(async () => {
    library = await startLibrary({ maxRequestBytes: 10_000 });
    url = library.gateway.url;
  });
  afterAll(() => library.stop());

  describe('takes requests', () => {
    it('by POST and by GET', async () => {
      const byGet = await fetch(`${url}/graphql?query=${encodeURIComponent('{ me { name } }')}`, {
        headers: { 'apollo-require-preflight': 'true' },
      });

      expect(await byGet.json()).toEqual({ data: { me: { name: 'Grace' } } });
      expect((await post(url, { query: '{ me { name } }' })).body).toEqual({
        data: { me: { name: 'Grace' } },
      });
    });

    it('with the media type of GraphQL over HTTP', async () => {
      const { headers } = await post(
        url,
        { query: '{ version }' },
        { accept: 'application/graphql-response+json' },
      );

      expect(headers.get('content-type')).toContain('application/graphql-response+json');
    });

    it('by an operation’s name', async () => {
      const query = 'query A { a: version } query B { b: version }';

      expect((await post(url, { query, operationName: 'B' })).body).toEqual({ data: { b: '1' } });
      expect((await post(url, { query, operationName: 'A' })).body).toEqual({ data: { a: '1' } });
      expect((await post(url, { query, operationName: 'C' })).status).toBe(400);
      expect((await post(url, { query })).status).toBe(400);
    });

    it('by the hash of a query that it has seen', async () => {
      const query = '{ people { nickname } }';
      const extensions = {
        persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') },
      };
      const send = (body: object) => post(url, { ...body, extensions } as { query?: string });

      expect((await send({})).body.errors).toMatchObject([
        { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
      ]);
      const sent = await send({ query });
      expect(sent.body.errors).toBeUndefined();
      expect((await send({})).body).toEqual(sent.body);
    });
  });

  describe('refuses, in GraphQL’s words,', () => {
    const raw = async (init: RequestInit, path = '/graphql'): Promise<[number, unknown]> => {
      const response = await fetch(`${url}${path}`, { method: 'POST', ...init });
      const body = (await response.json()) as GraphQLBody;
      return [response.status, body.errors?.[0]?.extensions?.['code']];
    };
    const json = { 'content-type': 'application/json' };

    it('broken JSON', async () => {
      expect(await raw({ headers: json, body: '{' })).toEqual([400, 'BAD_REQUEST']);
    });

    it('a body that is too large', async () => {
      expect(await raw({ headers: json, body: JSON.stringify({ query: ' '.repeat(20_000) }) })).toEqual([
        413,
        'PAYLOAD_TOO_LARGE',
      ]);
    });

    it('a packed body, which could unpack to anything', async () => {
      expect(await raw({ headers: { ...json, 'content-encoding': 'gzip' }, body: 'x' })).toEqual([
        415,
        'BAD_REQUEST',
      ]);
    });

    it.each<[string, Record<string, string>, string]>([
      ['broken JSON', json, 'it must be JSON'],
      ['a packed body', { ...json, 'content-encoding': 'gzip' }, 'send it without content-encoding'],
      ['a body in Latin-1', { 'content-type': 'application/json; charset=latin1' }, 'send it as UTF-8'],
    ])('%s, and says what to do about it', async (_what, headers, advice) => {
      const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: '{' });

      expect(await response.json()).toMatchObject({
        errors: [{ message: `The request could not be read: ${advice}.` }],
      });
    });

    it('what a foreign page could make a browser send', async () => {
      expect(
        await raw({ headers: { 'content-type': 'text/plain' }, body: '{"query":"{ version }"}' }),
      ).toEqual([400, 'BAD_REQUEST']);
    });

    it('an empty request', async () => {
      expect(await raw({ headers: json, body: '{}' })).toEqual([400, 'BAD_REQUEST']);
    });

    it('a syntax error', async () => {
      expect(await raw({ headers: json, body: '{"query":"{"}' })).toEqual([400, 'GRAPHQL_PARSE_FAILED']);
    });

    it('an unknown field', async () => {
      expect(await raw({ headers: json, body: '{"query":"{ x }"}' })).toEqual([
        400,
        'GRAPHQL_VALIDATION_FAILED',
      ]);
    });

    it('a variable of another type', async () => {
      const body = JSON.stringify({
        query: 'query($id: ID!) { person(id: $id) { name } }',
        variables: { id: {} },
      });
      expect(await raw({ headers: json, body })).toEqual([400, 'BAD_USER_INPUT']);
    });

    it('a subscription that nobody could hear', async () => {
      expect(await raw({ headers: json, body: '{"query":"subscription { brokenFeed { id } }"}' })).toEqual([
        400,
        'SUBSCRIPTION_TRANSPORT_REQUIRED',
      ]);
    });

    it('a mutation by GET, also as server-sent events', async () => {
      const query = `query=${encodeURIComponent('mutation { failToRename { id } }')}`;
      for (const accept of ['application/json', 'text/event-stream']) {
        const response = await fetch(`${url}/graphql?${query}`, {
          headers: { accept, 'apollo-require-preflight': 'true' },
        });
        expect(response.status).toBe(405);
      }
    });

    it('another path', async () => {
      expect(await raw({}, '/nothing')).toEqual([404, 'NOT_FOUND']);
    });
  });
});
