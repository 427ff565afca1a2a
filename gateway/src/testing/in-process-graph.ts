import { ApolloGateway, LocalGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { createLogger } from '@trellis/lifecycle';
import { execute, Kind, parse, validate, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { createAborting, type LeaveSignal } from '../aborting.ts';
import { readBytes } from '../execution/compiled/json-bytes.ts';
import { createEngine, type Engine, type EngineOptions } from '../execution/engine.ts';
import { planOperation } from '../operation/plan-operation.ts';
import { createPresentResult, formatError } from '../security/present-errors.ts';
import type { SubgraphClient } from '../subgraph/subgraph-client.ts';
import { readReply } from '../subgraph/read-reply.ts';
import { buildGeneration, type Generation } from '../supergraph/generation.ts';
import { compose } from './compose.ts';
import type { GraphQLBody } from './start-library.ts';
import type { SubgraphSource } from './start-subgraph.ts';
import { clientOver } from './client-over.ts';

/** An operation that a subgraph was sent. */
interface SentOperation {
  readonly subgraph: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A supergraph whose subgraphs are executed in this process, so that a test can make hundreds of them. */
export interface InProcessGraph {
  readonly supergraphSdl: string;
  readonly generation: Generation;
  /** Everything that subgraphs were sent, the oldest first. */
  readonly sent: SentOperation[];
  /** Answers by the interpreter. */
  interpret(query: string, variables?: Readonly<Record<string, unknown>>): Promise<GraphQLBody>;
  /** Answers by the compiled operation where there is one. */
  answer(query: string, variables?: Readonly<Record<string, unknown>>): Promise<GraphQLBody>;
  /** Answers in parts what the operation defers. */
  executeInParts(
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    signal?: LeaveSignal,
  ): ReturnType<Engine['executeInParts']>;
  /** Whether the compiled operation writes the response itself, as it does when there is no error. */
  writes(query: string): Promise<boolean>;
  /** Answers by Apollo's own gateway on the same subgraphs. */
  askStock(query: string, variables?: Readonly<Record<string, unknown>>): Promise<GraphQLBody>;
}

/** @throws Error when the subgraphs do not compose. */
export function createInProcessGraph(
  sources: readonly SubgraphSource[],
  options: EngineOptions = {},
): InProcessGraph {
  const schemas = new Map(
    sources.map(({ name, typeDefs, resolvers }) => [
      name,
      buildSubgraphSchema({ typeDefs: parse(typeDefs), resolvers }),
    ]),
  );
  const supergraphSdl = compose(
    sources.map(({ name, typeDefs }) => ({ name, typeDefs, url: `http://${name}.invalid/graphql` })),
  );
  const generation = buildGeneration(supergraphSdl, { subgraphUrls: {} });
  const sent: SentOperation[] = [];
  const logger = createLogger('test', 'silent');
  const engine = createEngine(inProcessClient(schemas, sent), logger, createPresentResult(logger), options);
  let stock: Promise<ApolloServer> | undefined;
  return {
    supergraphSdl,
    generation,
    sent,
    async interpret(query, variables = {}) {
      const { errors, data } = await engine.execute(requestOf(generation, query, variables));
      return plain({ ...(errors === undefined ? {} : { errors: errors.map(formatError) }), data });
    },
    async answer(query, variables = {}) {
      const answered = await engine.answer(requestOf(generation, query, variables));
      if (answered.kind === 'written') return JSON.parse(readBytes(answered.body)) as GraphQLBody;
      if (answered.kind === 'refused') throw new Error('the variables do not fit');
      const { errors, data } = answered.result;
      return plain({ ...(errors === undefined ? {} : { errors: errors.map(formatError) }), data });
    },
    executeInParts: (query, variables = {}, signal = createAborting().signal) => {
      const request = requestOf(generation, query, variables);
      return engine.executeInParts({ ...request, context: { ...request.context, signal } });
    },
    async writes(query) {
      return (await engine.answer(requestOf(generation, query, {}))).kind === 'written';
    },
    async askStock(query, variables = {}) {
      const server = await (stock ??= startStock(supergraphSdl, schemas));
      const { body } = await server.executeOperation({ query, variables });
      if (body.kind !== 'single') throw new Error('an incremental result');
      return plain(body.singleResult);
    },
  };
}

function plain(body: object): GraphQLBody {
  return JSON.parse(JSON.stringify(body)) as GraphQLBody;
}

async function startStock(supergraphSdl: string, schemas: ReadonlyMap<string, GraphQLSchema>) {
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const server = new ApolloServer({
    gateway: new ApolloGateway({
      supergraphSdl,
      logger: quiet,
      buildService: ({ name }) => new LocalGraphQLDataSource(schemas.get(name)!),
    }),
    includeStacktraceInErrorResponses: false,
    logger: quiet,
  });
  await server.start();
  return server;
}

function inProcessClient(schemas: ReadonlyMap<string, GraphQLSchema>, sent: SentOperation[]): SubgraphClient {
  return clientOver(async (subgraph, body) => {
    const { query, variables } = JSON.parse(body) as Omit<SentOperation, 'subgraph'>;
    sent.push({ subgraph, query, variables });
    const schema = schemas.get(subgraph)!;
    const document = parse(query);
    const errors = validate(schema, document);
    const result =
      errors.length > 0 ? { errors } : await execute({ schema, document, variableValues: variables });
    return readReply({ status: 200, body: Buffer.from(JSON.stringify(result)), retryAfterMs: undefined });
  });
}

function requestOf(
  generation: Generation,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Parameters<Engine['execute']>[0] {
  const document = parse(query);
  const errors = validate(generation.apiSchema, document);
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  )!;
  const context = {
    identity: { kind: 'anonymous' },
    correlationId: 'c',
    forwardedHeaders: {},
    signal: createAborting().signal,
  } as const;
  return { generation, planned: planOperation(generation, query, document, operation), variables, context };
}
