import { buildSchema, graphql, GraphQLError, parse, validate } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/http';
import { useServer } from 'graphql-ws/use/ws';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { createTrellisClient } from '../node.ts';
import type { TrellisClient, TrellisClientOptions } from '../trellis-client.ts';

const schema = buildSchema(`
  type Query { greet(name: String!): String caller: String secret: String half: Half }
  type Half { here: Int missing: Int }
  type Subscription { count(to: Int!): Int caller: String fail: Int forever: Int from(after: Int!): Int }
`);

/** A server of GraphQL over HTTP, server-sent events and WebSocket, and the clients of it. */
export interface TestServer {
  readonly url: string;
  /** Answers requests instead of the schema. */
  answerWith: ((response: ServerResponse) => unknown) | undefined;
  /** The name of the first subscription whose source ended. */
  readonly subscriptionEnded: Promise<string>;
  /** Breaks every connection. */
  cut(): void;
  /** A client of this server that is stopped with it. */
  connect(options?: Partial<TrellisClientOptions>): TrellisClient;
  stop(): Promise<void>;
}

/** Starts a server that greets, tells who calls, counts and fails. */
export async function startTestServer(): Promise<TestServer> {
  const clients: TrellisClient[] = [];
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
    async *from({ after }: { after: number }) {
      for (let value = after + 1; ; value++) {
        yield { from: value };
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
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
    connect(options = {}) {
      const client = createTrellisClient({ url: state.url, ...options });
      clients.push(client);
      return client;
    },
    async stop() {
      for (const client of clients.splice(0)) await client.stop();
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
