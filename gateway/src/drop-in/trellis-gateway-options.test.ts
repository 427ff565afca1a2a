import { IntrospectAndCompose } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { compose } from '../testing/compose.ts';
import { librarySubgraphs } from '../testing/library-graph.ts';
import type { GraphQLBody } from '../testing/start-library.ts';
import { startSubgraph, type RunningSubgraph } from '../testing/start-subgraph.ts';
import { TrellisGateway } from './trellis-gateway.ts';
import type { TrellisGatewayOptions } from './trellis-gateway-options.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const whoAmI = '{ me { name } }';

describe('the options of TrellisGateway', () => {
  let subgraphs: RunningSubgraph[];
  let supergraphSdl: string;
  const started: { stop(): Promise<void> }[] = [];

  beforeEach(async () => {
    subgraphs = await Promise.all(librarySubgraphs.map(startSubgraph));
    supergraphSdl = compose(subgraphs);
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((each) => each.stop()));
    await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
  });

  const people = (): RunningSubgraph => subgraphs.find(({ name }) => name === 'people')!;
  async function start(options: TrellisGatewayOptions): Promise<(query: string) => Promise<GraphQLBody>> {
    const gateway = new TrellisGateway({ supergraphSdl, logger: quiet, ...options });
    const server = new ApolloServer({ gateway, logger: quiet, includeStacktraceInErrorResponses: false });
    await server.start();
    started.push(server);
    return async (query) => {
      const { body } = await server.executeOperation({ query });
      if (body.kind !== 'single') throw new Error('an incremental result');
      return JSON.parse(JSON.stringify(body.singleResult)) as GraphQLBody;
    };
  }

  it('give subgraphs headers by rules, and leave those of a manager’s own requests alone', async () => {
    const ask = await start({
      supergraphSdl: new IntrospectAndCompose({
        subgraphs: subgraphs.map(({ name, url }) => ({ name, url })),
        introspectionHeaders: { 'x-reader': 'gateway' },
        logger: quiet,
      }),
      headers: { request: [{ insert: 'x-via', value: 'trellis', subgraphs: ['people'] }] },
    });
    expect(people().received.at(-1)?.headers['x-reader']).toBe('gateway');

    await ask(whoAmI);

    expect(people().received.at(-1)?.headers['x-via']).toBe('trellis');
  });

  it('open the circuit of a subgraph that fails', async () => {
    const circuitBreaker = { failureRatio: 0.5, minimumRequests: 2, windowMs: 60_000, openMs: 60_000 };
    const ask = await start({ circuitBreaker, subgraphRetries: 0 });
    people().misbehave((_request, response) => void response.status(503).end());
    const codes: unknown[] = [];
    for (let time = 0; time < 3; time++) codes.push((await ask(whoAmI)).errors?.[0]?.extensions?.['code']);

    expect(codes).toEqual(['SUBREQUEST_HTTP_ERROR', 'SUBREQUEST_HTTP_ERROR', 'SUBREQUEST_CIRCUIT_OPEN']);
  });

  it('end an operation by the deadline of the whole of it', async () => {
    const ask = await start({ requestDeadlineMs: 100, subgraphDeadlineMs: 60_000 });
    people().misbehave(() => {});

    expect((await ask(whoAmI)).errors?.[0]?.extensions?.['code']).toBe('OPERATION_TIMEOUT');
  });

  it.each([
    [{}, 1],
    [{ mergeFetches: false }, 2],
  ])('say whether fetches are merged: %j', async (options, times) => {
    const ask = await start(options);
    // The first time is interpreted, fetch by fetch.
    await ask(fromTwoPlaces);
    people().received.length = 0;

    await ask(fromTwoPlaces);

    expect(people().received).toHaveLength(times);
  });

  it.each([
    [[], 'before'],
    [['blue-green'], 'after'],
  ])('switch progressive overrides on: %j', async (overrideLabels, told) => {
    const moving = await Promise.all([before, after].map(startSubgraph));
    started.push(...moving);
    const ask = await start({ supergraphSdl: compose(moving), overrideLabels });

    expect(await ask('{ thing { moving } }')).toEqual({ data: { thing: { moving: told } } });
  });

  it('are refused where they would have no effect', () => {
    const make = (options: object) => () => new TrellisGateway({ supergraphSdl, ...options });
    const buildService = () => ({ process: () => Promise.reject(new Error('never asked')) });

    expect(make({ headers: { response: [{ propagate: 'set-cookie', merge: 'append' }] } })).toThrow(
      'TrellisGateway takes no rules for the headers of responses',
    );
    expect(make({ buildService, forwardHeaders: ['x-tenant'] })).toThrow(
      'TrellisGateway does not take forwardHeaders together with buildService',
    );
  });
});

/** Asks people for entities at two places. */
const fromTwoPlaces = '{ reviews { by { name } } shelves { author { name } } }';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@override"])`;
const before = {
  name: 'before',
  typeDefs: `${link} type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! moving: String }`,
  resolvers: { Query: { thing: () => ({ id: '1' }) }, Thing: { moving: () => 'before' } },
};
const after = {
  name: 'after',
  typeDefs: `${link} type Thing @key(fields: "id") { id: ID! moving: String @override(from: "before", label: "blue-green") }`,
  resolvers: { Thing: { moving: () => 'after' } },
};
