import { createHash } from 'node:crypto';
import {
  createIdentityVerifier,
  createStaticKeySet,
  gatewayIdentityHeader,
  generateSigningKey,
} from '@trellis/auth';
import { post, startLibrary, type GraphQLBody, type RunningLibrary } from '../testing/start-library.ts';
import { startIssuer, type RunningIssuer } from '../testing/start-issuer.ts';

const exampleQuery = 'query Example { me { name } }';
const signingKey = generateSigningKey();

describe('the gateway over HTTP', () => {
  let issuer: RunningIssuer;
  let library: RunningLibrary;
  let url: string;

  beforeAll(async () => {
    issuer = await startIssuer();
    library = await startLibrary({
      tokens: issuer.rules,
      signingKey,
      explorer: true,
      exampleQuery,
      corsOrigins: ['https://shop.example'],
      forwardHeaders: ['x-tenant'],
      maxRequestBytes: 10_000,
    });
    url = library.gateway.url;
  });
  afterAll(async () => {
    await library.stop();
    await issuer.stop();
  });

  const received = () => library.subgraphs['people']!.received.at(-1)!;

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

  describe('knows callers by their token', () => {
    const identity = async () =>
      createIdentityVerifier(createStaticKeySet([signingKey.publicJwk]), 'people').verify(
        String(received().headers[gatewayIdentityHeader]),
      );

    it('and tells subgraphs who it is, in its own words', async () => {
      await post(url, { query: '{ me { name } }' }, { authorization: `Bearer ${issuer.token()}` });

      expect(await identity()).toEqual({ kind: 'user', userId: 'ada', roles: ['CUSTOMER'], sessionId: 's1' });
      expect(received().headers.authorization).toBeUndefined();
    });

    it('and those without one are anonymous', async () => {
      await post(url, { query: '{ me { name } }' });

      expect(await identity()).toEqual({ kind: 'anonymous' });
    });

    it('believing no identity that a client claims by itself', async () => {
      await post(url, { query: '{ me { name } }' }, { [gatewayIdentityHeader]: 'forged' });

      expect(await identity()).toEqual({ kind: 'anonymous' });
    });

    it.each([
      ['expired', () => `Bearer ${issuer.token({ sub: 'ada' }, { lifetimeSeconds: -60 })}`],
      ['of another kind', () => `Bearer ${issuer.token({ sub: 'ada' }, { type: 'refresh+jwt' })}`],
      ['of another key', () => `Bearer ${issuer.token({ sub: 'ada' }, { key: generateSigningKey() })}`],
      ['of nobody', () => `Bearer ${issuer.token({})}`],
      ['no token', () => 'Bearer x'],
      ['of another scheme', () => 'Basic YTpi'],
    ])('and refuses one that is %s, over every transport', async (_what, authorization) => {
      const before = library.subgraphs['people']!.received.length;
      for (const accept of ['application/json', 'text/event-stream']) {
        const { status, headers, body } = await post(
          url,
          { query: '{ me { name } }' },
          { authorization: authorization(), accept },
        );

        expect(status).toBe(401);
        expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
        expect(body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
        expect(body.data).toBeUndefined();
      }
      expect(library.subgraphs['people']!.received.length).toBe(before);
    });

    it('and says so when that cannot be told now', async () => {
      const lonely = await startLibrary({
        tokens: { ...issuer.rules, jwksUrls: ['http://127.0.0.1:1/jwks'] },
      });
      const { status, headers, body } = await post(
        lonely.gateway.url,
        { query: '{ version }' },
        { authorization: `Bearer ${issuer.token()}` },
      );
      await lonely.stop();

      expect(status).toBe(503);
      expect(headers.get('retry-after')).toBe('5');
      expect(body).toMatchObject({ errors: [{ extensions: { code: 'IDENTITY_PROVIDER_UNAVAILABLE' } }] });
    });

    it('and refuses every token when it knows no issuer, unless subgraphs are to judge', async () => {
      const [strict, lenient] = await Promise.all([
        startLibrary(),
        startLibrary({ forwardHeaders: ['authorization'] }),
      ]);
      const headers = { authorization: 'Bearer opaque' };
      const answers = [
        await post(strict.gateway.url, { query: '{ me { name } }' }, headers),
        await post(lenient.gateway.url, { query: '{ me { name } }' }, headers),
      ];
      await Promise.all([strict.stop(), lenient.stop()]);

      expect(answers.map(({ status }) => status)).toEqual([401, 200]);
      expect(lenient.subgraphs['people']!.received[0]?.headers.authorization).toBe('Bearer opaque');
    });

    it('and publishes the key that it signs with', async () => {
      const response = await fetch(`${url}/.well-known/jwks.json`);

      expect(await response.json()).toEqual({ keys: [signingKey.publicJwk] });
    });
  });

  describe('passes on', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

    it('the correlation, the trace, the headers that it is told to, and no others', async () => {
      const { headers } = await post(
        url,
        { query: '{ me { name } }' },
        { 'x-correlation-id': 'abc_1-2', traceparent, 'x-tenant': 't1', 'x-other': 'o', cookie: 'c=1' },
      );

      expect(headers.get('x-correlation-id')).toBe('abc_1-2');
      expect(received().headers).toMatchObject({
        'x-correlation-id': 'abc_1-2',
        traceparent,
        'x-tenant': 't1',
      });
      expect(Object.keys(received().headers).sort()).toEqual([
        'accept',
        'connection',
        'content-length',
        'content-type',
        'host',
        'traceparent',
        'x-correlation-id',
        'x-gateway-identity',
        'x-tenant',
      ]);
    });

    it('a correlation of its own for one that does not fit', async () => {
      const { headers } = await post(
        url,
        { query: '{ me { name } }' },
        { 'x-correlation-id': 'a b"{', traceparent: 'nonsense' },
      );

      expect(headers.get('x-correlation-id')).toMatch(/^[\w-]{36}$/);
      expect(received().headers['x-correlation-id']).toBe(headers.get('x-correlation-id'));
      expect(received().headers['traceparent']).toBeUndefined();
    });
  });

  describe('is read by pages', () => {
    const preflight = async (origin: string): Promise<string | null> => {
      const response = await fetch(`${url}/graphql`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization',
        },
      });
      expect(response.status).toBe(204);
      return response.headers.get('access-control-allow-origin');
    };

    it.each([
      'https://shop.example',
      'http://localhost:5173',
      'http://127.0.0.1:3000',
      'https://sandbox.embed.apollographql.com',
    ])('of %s', async (origin) => {
      expect(await preflight(origin)).toBe(origin);
    });

    it.each([
      'https://evil.example',
      'https://shop.example.evil.example',
      'http://localhost.evil.example',
      'null',
    ])('but not of %s', async (origin) => {
      expect(await preflight(origin)).toBeNull();
    });
  });

  describe('shows people', () => {
    const html = { headers: { accept: 'text/html' } };

    it('Apollo Sandbox with the example', async () => {
      const page = await (await fetch(url, html)).text();

      expect(page).toContain('embeddable-sandbox');
      expect(page).toContain('query Example');
    });

    it('the way from Sandbox, which comes from the internet, to the explorer, which does not', async () => {
      expect(await (await fetch(url, html)).text()).toContain('<a href="/explorer">');
    });

    it('an explorer that needs nothing from elsewhere', async () => {
      const response = await fetch(`${url}/explorer`, html);
      const page = await response.text();

      expect(page).toContain('query Example');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(response.headers.get('content-security-policy')).toContain("connect-src 'self';");
      expect(page.match(/<(script|link|img)[^>]*(src|href)="https?:/g)).toBeNull();
    });

    it('the explorer again without sending it again', async () => {
      const first = await fetch(`${url}/explorer`, html);
      await first.arrayBuffer();
      const etag = String(first.headers.get('etag'));

      expect((await fetch(`${url}/explorer`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    });

    it('nothing of it when it is turned off, nor the schema', async () => {
      const closed = await startLibrary({ explorer: false, introspection: false });
      const statuses = await Promise.all(
        ['/', '/explorer'].map(async (path) => (await fetch(`${closed.gateway.url}${path}`, html)).status),
      );
      const landing = await fetch(`${closed.gateway.url}/graphql`, html);
      const introspection = await post(closed.gateway.url, { query: '{ __schema { types { name } } }' });
      const origin = (
        await fetch(`${closed.gateway.url}/graphql`, {
          method: 'OPTIONS',
          headers: { origin: 'http://localhost:1' },
        })
      ).headers.get('access-control-allow-origin');
      await closed.stop();

      expect(statuses).toEqual([404, 404]);
      expect(landing.status).toBe(406);
      expect(introspection.body.errors).toMatchObject([
        { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
      ]);
      expect(origin).toBeNull();
    });
  });
});
