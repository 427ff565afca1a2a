import { connect } from 'node:net';
import {
  createIdentityVerifier,
  createStaticKeySet,
  gatewayIdentityHeader,
  generateSigningKey,
} from '@trellis/auth';
import type { Response } from 'express';
import { startIssuer, type RunningIssuer } from '../testing/start-issuer.ts';
import { post, startLibrary, type RunningLibrary } from '../testing/start-library.ts';
import { waitUntil } from '../testing/wait-until.ts';

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
      forwardHeaders: ['x-tenant'],
      // No test waits for them.
      subgraphDeadlineMs: 600_000,
      requestDeadlineMs: 600_000,
    });
    url = library.gateway.url;
  });
  afterAll(async () => {
    await library.stop();
    await issuer.stop();
  });

  const received = () => library.subgraphs['people']!.received.at(-1)!;

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

  it.each([
    ['that are new', 'one'],
    ['that are known', 'other'],
  ])(
    'gives up operations %s when their client leaves, also those whose answers wait behind others',
    async (_which, name) => {
      const query = `query ($id: ID!) { ${name}: person(id: $id) { name } }`;
      if (name === 'other') await post(url, { query, variables: { id: 'p1' } });
      const held = new Set<Response>();
      library.subgraphs['people']!.misbehave((_request, response) => {
        held.add(response);
        response.once('close', () => held.delete(response));
      });
      const client = connect(Number(new URL(url).port), '127.0.0.1');
      for (let id = 1; id <= 10; id++) {
        const body = JSON.stringify({ query, variables: { id: `${id}` } });
        client.write(
          `POST /graphql HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        );
      }
      await waitUntil(() => held.size === 10);

      client.destroy();

      await waitUntil(() => held.size === 0);
      library.subgraphs['people']!.misbehave(undefined);
    },
  );

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

      expect(headers.get('x-correlation-id')).toMatch(/^[\da-f]{32}-[\da-z]+$/);
      expect(received().headers['x-correlation-id']).toBe(headers.get('x-correlation-id'));
      expect(received().headers['traceparent']).toBeUndefined();
    });
  });
});
