import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  anonymous,
  createIdentitySigner,
  createIdentityVerifier,
  createStaticKeySet,
  generateSigningKey,
  type Identity,
} from '@trellis/auth';
import { DatabaseUnavailableError } from '@trellis/database';
import { createLogger, type CheckResult } from '@trellis/lifecycle';
import { GraphQLError, parse } from 'graphql';
import { waitFor } from '../../../tests/support/wait-for.ts';
import { batchWhileAwaited, requireRole, startSubgraphServer, type RequestContext } from './index.ts';

const gatewayKey = generateSigningKey();
const signer = createIdentitySigner(gatewayKey);
/** Thirty megabytes together: far more than the sockets between the two hold. */
const floodEvents = 300;
const ada: Identity = { kind: 'user', userId: 'ada', roles: ['CUSTOMER'] };

describe('a subgraph server', () => {
  let server: Awaited<ReturnType<typeof startSubgraphServer>>;
  let database: CheckResult;
  let streamsOpen: number;
  /** How many events of a flood were asked for. */
  let taken: number;
  /** The signal of a request for a book, once it came. */
  let awaited: AbortSignal | undefined;
  /** How many authors were read. */
  let authorsRead: number;

  /** Told of a read that was not made. */
  let refusedRead: (error: unknown) => void = () => undefined;

  async function* ticks(): AsyncGenerator<{ ticks: number }> {
    streamsOpen++;
    try {
      for (let tick = 1; tick <= 2; tick++) yield { ticks: tick };
    } finally {
      streamsOpen--;
    }
  }

  beforeEach(async () => {
    database = { status: 'up' };
    streamsOpen = 0;
    awaited = undefined;
    authorsRead = 0;
    server = await startSubgraphServer({
      schema: buildSubgraphSchema([
        {
          typeDefs: parse(`
          type Query { whoami: String, correlation: String, broken: String, refused: String, admin: String,
            book: Book, busy: String, uncoded: String, sorted(by: Order! = NAME): String, limited(input: Limit!): String }
          enum Order { NAME }
          input Limit { first: Int! = 10 }
          type Book { author: String }
          type Shelf @key(fields: "id") { id: ID! }
          type Subscription { ticks(from: Int! = 1): Int, silence: Int, failing: Int, flood: String }
        `),
          resolvers: {
            Query: {
              whoami: (_p: unknown, _a: unknown, { identity }: RequestContext) =>
                identity.kind === 'user' ? identity.userId : 'nobody',
              correlation: (_p: unknown, _a: unknown, context: RequestContext) => context.correlationId,
              broken: () => {
                throw new Error('password=hunter2 at 10.0.0.1');
              },
              busy: () => {
                throw new DatabaseUnavailableError('the database does not answer: 10.0.0.1');
              },
              uncoded: () => {
                throw new GraphQLError('select * from secrets failed');
              },
              refused: () => {
                throw new GraphQLError('not today', { extensions: { code: 'CLOSED' } });
              },
              admin: (_p: unknown, _a: unknown, { identity }: RequestContext) =>
                requireRole(identity, 'ADMIN').userId,
              /** Takes until nobody waits for it. */
              book: async (_p: unknown, _a: unknown, { signal }: RequestContext) => {
                awaited = signal;
                await new Promise((resolve) => signal.addEventListener('abort', resolve));
                return {};
              },
            },
            Book: {
              async author(_p: unknown, _a: unknown, { signal }: RequestContext) {
                const load = batchWhileAwaited(signal, async (ids: readonly string[]) => {
                  authorsRead++;
                  return [...ids];
                });
                return load(['ada']).catch((error: unknown) => {
                  refusedRead(error);
                  throw error;
                });
              },
            },
            Subscription: {
              ticks: {
                subscribe: ticks,
                resolve: ({ ticks: tick }: { ticks: number }) => {
                  if (tick === 2) throw new Error('select * from secrets failed');
                  return tick;
                },
              },
              failing: {
                subscribe: async function* () {
                  yield { failing: 1 };
                  throw new Error('the database went away');
                },
              },
              flood: {
                subscribe: async function* () {
                  for (taken = 0; taken < floodEvents; taken++) yield { flood: 'x'.repeat(100_000) };
                },
              },
              silence: {
                subscribe: async function* () {
                  yield { silence: 1 };
                  await new Promise(() => undefined);
                },
              },
            },
          },
        },
      ]),
      createContext: (request) => request,
      identityVerifier: createIdentityVerifier(createStaticKeySet([gatewayKey.publicJwk]), 'shop'),
      requiredChecks: { database: () => database },
      port: 0,
      host: '127.0.0.1',
      logger: createLogger('test', 'silent'),
    });
  });

  afterEach(() => server.stop());

  function post(query: string, headers: Record<string, string>, variables = {}): Promise<Response> {
    return fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
  }
  const asCaller = (identity: Identity) => ({ 'x-gateway-identity': signer.sign(identity, 'shop') });

  it.each([
    ['no identity', {}],
    ['an identity made out to another subgraph', { 'x-gateway-identity': signer.sign(ada, 'warehouse') }],
    [
      'an identity that somebody else signed',
      { 'x-gateway-identity': createIdentitySigner(generateSigningKey()).sign(ada, 'shop') },
    ],
    ['nonsense for an identity', { 'x-gateway-identity': 'a.b.c' }],
  ])('answers 401 to a request with %s', async (_title, headers) => {
    const response = await post('{ whoami }', headers);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('knows for whom the gateway asks', async () => {
    const [user, nobody] = await Promise.all([
      post('{ whoami }', asCaller(ada)),
      post('{ whoami }', asCaller(anonymous)),
    ]);
    expect(await user.json()).toEqual({ data: { whoami: 'ada' } });
    expect(await nobody.json()).toEqual({ data: { whoami: 'nobody' } });
  });

  it('takes the correlation id over from the gateway', async () => {
    const response = await post('{ correlation }', { ...asCaller(ada), 'x-correlation-id': 'request-7' });
    expect(await response.json()).toEqual({ data: { correlation: 'request-7' } });
  });

  it('masks what nobody expected and passes on what was meant', async () => {
    const response = await post('{ broken uncoded refused admin busy }', asCaller(ada));
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
    const response = await post(query, asCaller(ada), variables);
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
    const response = await post(query, asCaller(ada), { of: [{ __typename: 'Shelf', id: '1' }] });
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
    const response = await post(query, asCaller(ada), { of: [JSON.parse(representation)] });
    const { errors } = (await response.json()) as { errors: unknown[] };
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('names the argument of a subscription that a variable leaves null', async () => {
    const response = await post(
      'subscription ($from: Int = 1) { ticks(from: $from) }',
      { ...asCaller(ada), accept: 'text/event-stream' },
      { from: null },
    );
    expect(await response.text()).toMatch(/Argument .*from.*"code":"BAD_USER_INPUT"/);
  });

  it('streams a subscription as server-sent events, masking what fails in it', async () => {
    const response = await post('subscription { ticks }', { ...asCaller(ada), accept: 'text/event-stream' });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const text = await response.text();
    expect(text).toContain('{"data":{"ticks":1}}');
    expect(text).toContain('"message":"Internal server error"');
    expect(text).not.toContain('secrets');
    expect(streamsOpen).toBe(0);
  });

  it('breaks a stream off when the source of its events fails', async () => {
    const response = await post('subscription { failing }', {
      ...asCaller(ada),
      accept: 'text/event-stream',
    });
    await expect(response.text()).rejects.toThrow();
  });

  it('refuses a subscription without the gateway behind it', async () => {
    const response = await post('subscription { ticks }', { accept: 'text/event-stream' });
    expect(response.status).toBe(401);
    await response.body?.cancel();
  });

  it('asks for no more events than a reader takes', async () => {
    const response = await post('subscription { flood }', { ...asCaller(ada), accept: 'text/event-stream' });
    let before: number;
    await waitFor('the flood to stand still', async () => {
      before = taken;
      // Meanwhile others are answered, so the server had every chance to ask for more.
      for (let request = 0; request < 20; request++) await (await post('{ whoami }', asCaller(ada))).text();
      return before === taken;
    });
    expect(taken).toBeLessThan(floodEvents);

    const text = await response.text();
    expect(text.split('event: next')).toHaveLength(floodEvents + 1);
  });

  it('reads no further for a request whose sender has gone', async () => {
    const refused = new Promise((resolve) => (refusedRead = resolve));
    const leaving = new AbortController();
    const answer = fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...asCaller(ada) },
      body: JSON.stringify({ query: '{ book { author } }' }),
      signal: leaving.signal,
    });
    await waitFor('the request to be at work', () => awaited);
    leaving.abort();
    await expect(answer).rejects.toThrow('aborted');

    expect(await refused).toMatchObject({ extensions: { code: 'CLIENT_CLOSED_REQUEST' } });
    expect(authorsRead).toBe(0);
  });

  it('breaks streams off when it stops, so that a reader knows to ask again', async () => {
    const response = await post('subscription { silence }', {
      ...asCaller(ada),
      accept: 'text/event-stream',
    });
    const reader = response.body!.getReader();
    await waitFor('the first event', async () =>
      Buffer.from((await reader.read()).value ?? []).includes('silence'),
    );
    await server.stop();
    await expect(reader.read()).rejects.toThrow();
  });

  it('is ready when every check is up, and alive even when one is not', async () => {
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    database = { status: 'down', detail: 'away' };
    const ready = await fetch(`${server.url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({
      status: 'down',
      checks: { database: { status: 'down', detail: 'away' } },
    });
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  });
});
