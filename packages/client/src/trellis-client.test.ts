import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildSchema, graphql, GraphQLError, parse, validate } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/http';
import { useServer } from 'graphql-ws/use/ws';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { GraphQLRequestError, TransportError } from './errors.ts';
import { createTrellisClient } from './node.ts';
import type { TrellisClient, TrellisClientOptions } from './trellis-client.ts';

const schema = buildSchema(`
  type Query { greet(name: String!): String caller: String secret: String half: Half }
  type Half { here: Int missing: Int }
  type Subscription { count(to: Int!): Int caller: String fail: Int forever: Int }
`);

type Document<Data, Variables> = TypedDocumentNode<Data, Variables>;
type None = Record<string, never>;
const greet = parse('query Greet($name: String!) { greet(name: $name) }') as Document<
  { greet: string },
  { name: string }
>;
const caller = parse('{ caller }') as Document<{ caller: string | null }, None>;
const half = parse('{ half { here missing } }') as Document<unknown, None>;
const count = parse('subscription ($to: Int!) { count(to: $to) }') as Document<
  { count: number },
  { to: number }
>;
const callerOf = parse('subscription { caller }') as Document<{ caller: string | null }, None>;
const fail = parse('subscription { fail }') as Document<{ fail: number }, None>;
const forever = parse('subscription { forever }') as Document<{ forever: number }, None>;
const unknownField = parse('subscription { nothing }') as Document<unknown, None>;

let server: TestServer;
const clients: TrellisClient[] = [];

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.stop();
  await server.stop();
});

describe('a request', () => {
  it('returns the data, with the types of the document', async () => {
    const data = await connect().request(greet, { name: 'Ada' });

    const greeting: string = data.greet;
    expect(greeting).toBe('Hello, Ada');
  });

  it('carries the token of the moment', async () => {
    let token: string | undefined = undefined;
    const client = connect({ token: () => token });

    expect(await client.request(caller)).toEqual({ caller: null });
    token = 'abc';
    expect(await client.request(caller)).toEqual({ caller: 'Bearer abc' });
  });

  it('throws the errors of the server with their codes, and keeps what data there is', async () => {
    const error = await connect()
      .request(half)
      .catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(GraphQLRequestError);
    expect(error).toMatchObject({
      message: 'not here',
      codes: ['NOT_FOUND'],
      errors: [{ path: ['half', 'missing'] }],
      data: { half: { here: 1, missing: null } },
    });
  });

  it.each([
    ['an error page', '<h1>Bad gateway</h1>'],
    ['JSON that is not GraphQL', '{"message":"nope"}'],
  ])('throws when the answer is no GraphQL: %s', async (_, body) => {
    server.answerWith = (response) => response.writeHead(502).end(body);

    const error = await connect()
      .request(caller)
      .catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ message: 'HTTP 502 came that is not GraphQL', status: 502 });
  });

  it('throws when nobody listens, and says where', async () => {
    const url = server.url;
    await server.stop();

    await expect(connect({ url }).request(caller)).rejects.toThrow(`no answer from ${url}: ECONNREFUSED`);
  });

  it('throws when the answer does not come in time', async () => {
    server.answerWith = () => undefined;

    await expect(connect({ timeoutMs: 20 }).request(caller)).rejects.toThrow('no answer in 20 ms');
  });

  it('is given up when the client stops', async () => {
    const received = new Promise<void>((resolve) => {
      server.answerWith = () => resolve();
    });
    const client = connect();
    const answer = client.request(caller).catch((reason: unknown) => reason);
    await received;

    await client.stop();

    expect(await answer).toMatchObject({ name: 'TransportError', message: 'the client was stopped' });
    await expect(client.request(caller)).rejects.toThrow('the client was stopped');
  });
});

describe.each(['websocket', 'sse'] as const)('a subscription over %s', (subscriptions) => {
  it('iterates over the data and ends when the server is done', async () => {
    const received: number[] = [];
    for await (const data of connect({ subscriptions }).subscribe(count, { to: 3 }))
      received.push(data.count);

    expect(received).toEqual([1, 2, 3]);
  });

  it('begins at once, and keeps what comes before it is read, the end included', async () => {
    const stream = connect({ subscriptions }).subscribe(count, { to: 2 });
    await server.subscriptionEnded;

    const received: number[] = [];
    for await (const data of stream) received.push(data.count);

    expect(received).toEqual([1, 2]);
  });

  it('carries the token', async () => {
    const stream = connect({ subscriptions, token: () => 'abc' }).subscribe(callerOf);

    expect(await stream.next()).toEqual({ done: false, value: { caller: 'Bearer abc' } });
  });

  it('ends at the server when the loop is left', async () => {
    for await (const data of connect({ subscriptions }).subscribe(forever)) if (data.forever === 2) break;

    await expect(server.subscriptionEnded).resolves.toBe('forever');
  });

  it('ends with the errors of a result', async () => {
    const stream = connect({ subscriptions }).subscribe(fail);

    await expect(stream.next()).rejects.toMatchObject({ name: 'GraphQLRequestError', codes: ['BROKEN'] });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('throws the errors of a document that the server refuses, and does not try again', async () => {
    const stream = connect({ subscriptions }).subscribe(unknownField);

    await expect(stream.next()).rejects.toThrow('Cannot query field "nothing" on type "Subscription".');
  });

  it('throws when the connection breaks and may not be tried again', async () => {
    const stream = connect({ subscriptions, reconnectAttempts: 0 }).subscribe(forever);
    await stream.next();

    server.cut();

    await expect(drain(stream)).rejects.toThrow(TransportError);
  });

  it('subscribes again when the connection breaks', async () => {
    const stream = connect({ subscriptions }).subscribe(forever);
    await stream.next();

    server.cut();

    await expect(untilOne(stream)).resolves.toBe(1);
  });

  it('ends when the client stops', async () => {
    const client = connect({ subscriptions });
    const stream = client.subscribe(forever);
    await stream.next();

    await client.stop();

    await expect(drain(stream)).resolves.toBeUndefined();
    expect(() => client.subscribe(forever)).toThrow('the client was stopped');
  });
});

describe('a subscription over sse', () => {
  it('throws a refusal of the whole request, and does not try again', async () => {
    let requests = 0;
    server.answerWith = (response) => {
      requests += 1;
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end('{"errors":[{"message":"log in","extensions":{"code":"UNAUTHENTICATED"}}]}');
    };

    const stream = connect({ subscriptions: 'sse' }).subscribe(forever);

    await expect(stream.next()).rejects.toMatchObject({ message: 'log in', codes: ['UNAUTHENTICATED'] });
    expect(requests).toBe(1);
  });
});

function connect(options: Partial<TrellisClientOptions> = {}): TrellisClient {
  const client = createTrellisClient({ url: server.url, ...options });
  clients.push(client);
  return client;
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

async function untilOne(stream: AsyncIterable<{ forever: number }>): Promise<number | undefined> {
  for await (const data of stream) if (data.forever === 1) return data.forever;
  return undefined;
}

interface TestServer {
  readonly url: string;
  /** Answers requests instead of the schema. */
  answerWith: ((response: ServerResponse) => unknown) | undefined;
  /** The name of the first subscription whose source ended. */
  readonly subscriptionEnded: Promise<string>;
  /** Breaks every connection. */
  cut(): void;
  stop(): Promise<void>;
}

async function startTestServer(): Promise<TestServer> {
  let endSubscription: (name: string) => void = () => undefined;
  const subscriptionEnded = new Promise<string>((resolve) => {
    endSubscription = resolve;
  });
  const rootValue = (authorization: string | undefined): object => ({
    greet: ({ name }: { name: string }) => `Hello, ${name}`,
    caller: async function* callerOnce() {
      yield { caller: authorization ?? null };
    },
    count: async function* countTo({ to }: { to: number }) {
      for (let value = 1; value <= to; value++) yield { count: value };
      endSubscription('count');
    },
    async *fail() {
      yield {
        fail: () => {
          throw new GraphQLError('broken', { extensions: { code: 'BROKEN' } });
        },
      };
    },
    forever: () => ticks(() => endSubscription('forever')),
  });
  const queryRoot = (authorization: string | undefined): object => ({
    ...rootValue(authorization),
    caller: authorization ?? null,
    half: {
      here: 1,
      missing: () => {
        throw new GraphQLError('not here', { extensions: { code: 'NOT_FOUND' } });
      },
    },
  });
  const sse = createHandler({
    schema,
    onSubscribe: (request, params) => ({
      schema,
      document: parse(params.query),
      variableValues: params.variables ?? {},
      contextValue: undefined,
      rootValue: rootValue(request.raw.headers.authorization),
    }),
  });
  const http = createServer((request, response) => {
    if (state.answerWith !== undefined) state.answerWith(response);
    else if (request.headers.accept === 'text/event-stream') void sse(request, response);
    else void answer(request, response);
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
    const result = await graphql({
      schema,
      source: query,
      variableValues: variables,
      rootValue: queryRoot(request.headers.authorization),
    });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  };
  const sockets = new WebSocketServer({ server: http });
  const disposable = useServer(
    {
      onSubscribe: (context, _id, params) => {
        const document = parse(params.query);
        const errors = validate(schema, document);
        if (errors.length > 0) return errors;
        const { authorization } = context.connectionParams as { authorization?: string };
        return { schema, document, variableValues: params.variables, rootValue: rootValue(authorization) };
      },
    },
    sockets,
  );
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const state: TestServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`,
    answerWith: undefined,
    subscriptionEnded,
    cut() {
      for (const socket of sockets.clients) socket.terminate();
      http.closeAllConnections();
    },
    async stop() {
      if (!http.listening) return;
      await disposable.dispose();
      await close(http);
    },
  };
  return state;
}

/** 1, 2, 3 and so on, until whoever listens is gone. */
async function* ticks(whenEnded: () => void): AsyncGenerator<{ forever: number }> {
  try {
    for (let value = 1; ; value++) {
      yield { forever: value };
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    whenEnded();
  }
}

async function close(http: Server): Promise<void> {
  const closed = once(http, 'close');
  http.close();
  http.closeAllConnections();
  await closed;
}
