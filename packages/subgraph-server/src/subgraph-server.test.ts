import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { anonymous, createIdentitySigner, generateSigningKey } from '@trellis/auth';
import { waitFor } from '../../../tests/support/wait-for.ts';
import { ada, identityOf, startTestSubgraph, type TestSubgraph } from './testing/start-test-subgraph.ts';

let shop: TestSubgraph;

beforeEach(async () => {
  shop = await startTestSubgraph();
});

afterEach(() => shop.stop());

describe('a subgraph server', () => {
  it.each([
    ['no identity', {}],
    ['an identity made out to another subgraph', { 'x-gateway-identity': identityOf(ada, 'warehouse') }],
    [
      'an identity that somebody else signed',
      { 'x-gateway-identity': createIdentitySigner(generateSigningKey()).sign(ada, 'shop') },
    ],
    ['nonsense for an identity', { 'x-gateway-identity': 'a.b.c' }],
  ])('answers 401 to a request with %s', async (_title, headers) => {
    const response = await shop.post('{ whoami }', headers);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('knows for whom the gateway asks', async () => {
    const [user, nobody] = await Promise.all([
      shop.post('{ whoami }', shop.asCaller(ada)),
      shop.post('{ whoami }', shop.asCaller(anonymous)),
    ]);
    expect(await user.json()).toEqual({ data: { whoami: 'ada' } });
    expect(await nobody.json()).toEqual({ data: { whoami: 'nobody' } });
  });

  it('takes the correlation id over from the gateway', async () => {
    const response = await shop.post('{ correlation }', {
      ...shop.asCaller(ada),
      'x-correlation-id': 'request-7',
    });
    expect(await response.json()).toEqual({ data: { correlation: 'request-7' } });
  });

  it('masks what nobody expected and passes on what was meant', async () => {
    const response = await shop.post('{ broken uncoded refused admin busy }', shop.asCaller(ada));
    const { errors } = (await response.json()) as { errors: { message: string; extensions: object }[] };
    expect(errors.map(({ message, extensions }) => ({ message, extensions }))).toEqual([
      { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
      { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
      { message: 'not today', extensions: { code: 'CLOSED' } },
      { message: 'You are not allowed to do this.', extensions: { code: 'FORBIDDEN' } },
      {
        message: 'The service cannot answer at the moment. Try again later.',
        extensions: { code: 'SERVICE_UNAVAILABLE' },
      },
    ]);
  });

  it.each([
    ['query ($by: Order = NAME) { sorted(by: $by) }', { by: null }, '"by"'],
    ['query ($first: Int = 10) { limited(input: { first: $first }) }', { first: null }, '"input"'],
    ['query ($if: Boolean = true) { whoami @include(if: $if) }', { if: null }, '"if"'],
  ])('names the argument of %s that a variable leaves null', async (query, variables, argument) => {
    const response = await shop.post(query, shop.asCaller(ada), variables);
    const { errors } = (await response.json()) as { errors: unknown[] };
    expect(errors).toEqual([
      expect.objectContaining({
        message: expect.stringContaining(`Argument ${argument}`),
        extensions: { code: 'BAD_USER_INPUT' },
      }),
    ]);
  });

  it('answers with the entities that it is asked for', async () => {
    const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Shelf { id } } }';
    const response = await shop.post(query, shop.asCaller(ada), { of: [{ __typename: 'Shelf', id: '1' }] });
    expect(await response.json()).toEqual({ data: { _entities: [{ id: '1' }] } });
  });

  it.each([
    '{ "__typename": "__proto__" }',
    '{ "__typename": "Book" }',
    '{ "__typename": 1 }',
    '{}',
    '"Shelf"',
  ])('calls the representation %s, which is of no entity, a fault of the caller', async (representation) => {
    const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }';
    const response = await shop.post(query, shop.asCaller(ada), { of: [JSON.parse(representation)] });
    const { errors } = (await response.json()) as { errors: unknown[] };
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('reads no further for a request whose sender has gone', async () => {
    const refused = new Promise((resolve) => (shop.onRefusedRead = resolve));
    const leaving = new AbortController();
    const answer = fetch(`${shop.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...shop.asCaller(ada) },
      body: JSON.stringify({ query: '{ book { author } }' }),
      signal: leaving.signal,
    });
    await waitFor('the request to be at work', () => shop.awaited);
    leaving.abort();
    await expect(answer).rejects.toThrow('aborted');

    expect(await refused).toMatchObject({ extensions: { code: 'CLIENT_CLOSED_REQUEST' } });
    expect(shop.authorsRead).toBe(0);
  });

  it('is ready when every check is up, and alive even when one is not', async () => {
    expect((await fetch(`${shop.url}/health/ready`)).status).toBe(200);
    shop.database = { status: 'down', detail: 'away' };
    const ready = await fetch(`${shop.url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({
      status: 'down',
      checks: { database: { status: 'down', detail: 'away' } },
    });
    expect((await fetch(`${shop.url}/health/live`)).status).toBe(200);
  });
});
