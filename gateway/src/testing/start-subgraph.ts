import { buildSubgraphSchema } from '@apollo/subgraph';
import { listen, type HttpListener } from '@trellis/lifecycle';
import express from 'express';
import { execute, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/express';
import { serveWebSocketSubgraph, type ReceivedRequest } from './serve-web-socket-subgraph.ts';

/** A subgraph as its author writes it. */
export interface SubgraphSource {
  readonly name: string;
  readonly typeDefs: string;
  readonly resolvers: Parameters<typeof buildSubgraphSchema>[0] extends infer M
    ? M extends { resolvers?: infer R }
      ? NonNullable<R>
      : never
    : never;
}

/** A subgraph on a port of its own. */
export interface RunningSubgraph {
  readonly name: string;
  readonly typeDefs: string;
  readonly url: string;
  /** Everything that it was sent, the oldest first. */
  readonly received: ReceivedRequest[];
  /** How many subscriptions are open, over either protocol. */
  openStreams(): number;
  /** How many WebSockets are open. */
  openSockets(): number;
  /** Answers every request by this instead, until it is undefined again. */
  misbehave(handler: express.RequestHandler | undefined): void;
  /** Cuts every connection and stops. */
  stop(): Promise<void>;
}

/** Serves a subgraph: JSON over POST, and graphql-sse and graphql-ws for subscriptions. */
export async function startSubgraph(source: SubgraphSource): Promise<RunningSubgraph> {
  const schema = buildSubgraphSchema({ typeDefs: parse(source.typeDefs), resolvers: source.resolvers });
  const received: ReceivedRequest[] = [];
  let misbehaviour: express.RequestHandler | undefined;
  let streams = 0;
  const sse = createHandler({ schema });
  const app = express();
  app.use((request, response, next) =>
    misbehaviour === undefined ? next() : misbehaviour(request, response, next),
  );
  app.post('/graphql', express.json({ limit: '10mb' }), (request, response, next) => {
    const { query, variables = {} } = request.body as { query: string; variables?: Record<string, unknown> };
    received.push({ query, variables, headers: request.headers });
    if (request.get('accept') !== 'text/event-stream') {
      answer(schema, query, variables).then((result) => response.json(result), next);
      return;
    }
    streams += 1;
    response.once('close', () => (streams -= 1));
    sse(request, response).catch(next);
  });
  const listener: HttpListener = await listen(app, { port: 0, host: '127.0.0.1' });
  const sockets = serveWebSocketSubgraph(listener.server, schema, {
    received,
    misbehaviour: () => misbehaviour,
  });
  return {
    name: source.name,
    typeDefs: source.typeDefs,
    url: `${listener.url}/graphql`,
    received,
    openStreams: () => streams + sockets.openStreams(),
    openSockets: sockets.openSockets,
    misbehave: (handler) => (misbehaviour = handler),
    async stop() {
      sockets.cut();
      listener.server.closeAllConnections();
      await listener.stop(0);
    },
  };
}

const documents = new Map<string, DocumentNode>();

async function answer(schema: GraphQLSchema, query: string, variableValues: Record<string, unknown>) {
  let document = documents.get(query);
  if (document === undefined) documents.set(query, (document = parse(query)));
  const errors = validate(schema, document);
  if (errors.length > 0) return { errors };
  return execute({ schema, document, variableValues });
}
