import { ApolloGateway, IntrospectAndCompose, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { listen } from '@trellis/lifecycle';
import { compose } from '../testing/compose.ts';
import { librarySubgraphs } from '../testing/library-graph.ts';
import { libraryOperations } from '../testing/library-operations.ts';
import { post, type GraphQLBody } from '../testing/start-library.ts';
import { startSubgraph, type RunningSubgraph } from '../testing/start-subgraph.ts';
import { TrellisGateway } from './trellis-gateway.ts';
import type { TrellisGatewayOptions } from './trellis-gateway-options.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

describe('TrellisGateway in the place of ApolloGateway', () => {
  let subgraphs: RunningSubgraph[];
  let supergraphSdl: string;
  const started: ApolloServer[] = [];

  beforeAll(async () => {
    subgraphs = await Promise.all(librarySubgraphs.map(startSubgraph));
    supergraphSdl = compose(subgraphs);
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.stop()));
  });
  afterAll(() => Promise.all(subgraphs.map((subgraph) => subgraph.stop())));

  const people = (): RunningSubgraph => subgraphs.find(({ name }) => name === 'people')!;

  function serverOf(gateway: TrellisGateway | ApolloGateway): ApolloServer {
    return new ApolloServer({
      gateway,
      introspection: true,
      includeStacktraceInErrorResponses: false,
      logger: quiet,
    });
  }
  /** A server that has started; `afterEach` stops it. */
  async function start(options: TrellisGatewayOptions): Promise<ApolloServer> {
    const server = serverOf(new TrellisGateway({ logger: quiet, ...options }));
    await server.start();
    started.push(server);
    return server;
  }
  async function ask(
    server: ApolloServer,
    operation: { query: string; variables?: Record<string, unknown> },
  ): Promise<GraphQLBody> {
    const { body } = await server.executeOperation(operation);
    if (body.kind !== 'single') throw new Error('an incremental result');
    return JSON.parse(JSON.stringify(body.singleResult)) as GraphQLBody;
  }
  const whoAmI = { query: '{ me { name } }' };
  const grace = { data: { me: { name: 'Grace' } } };

  it('answers over HTTP what Apollo’s does', async () => {
    const ours = serverOf(new TrellisGateway({ supergraphSdl, logger: quiet }));
    const theirs = serverOf(new ApolloGateway({ supergraphSdl, logger: quiet }));
    const { url } = await startStandaloneServer(ours, { listen: { port: 0 } });
    await theirs.start();
    started.push(ours, theirs);

    for (const operation of Object.values(libraryOperations)) {
      const { body } = await post(url.replace(/\/$/, ''), operation);
      expect(body.data).toEqual((await ask(theirs, operation)).data);
    }
  });

  it('takes the supergraph of IntrospectAndCompose', async () => {
    const server = await start({
      supergraphSdl: new IntrospectAndCompose({
        subgraphs: subgraphs.map(({ name, url }) => ({ name, url })),
        subgraphHealthCheck: true,
        introspectionHeaders: { 'x-reader': 'gateway' },
        logger: quiet,
      }),
    });

    expect(await ask(server, whoAmI)).toEqual(grace);
    const introspections = subgraphs[0]!.received.filter(({ query }) => query.includes('_service'));
    expect(introspections.at(-1)?.headers['x-reader']).toBe('gateway');
  });

  it('takes a function that updates the supergraph, refuses what cannot be served, and calls its cleanup', async () => {
    let update: (sdl: string) => void = () => {};
    let cleanups = 0;
    const schemas: string[] = [];
    const gateway = new TrellisGateway({
      logger: quiet,
      supergraphSdl: async (options) => {
        update = options.update;
        return { supergraphSdl, cleanup: async () => void (cleanups += 1) };
      },
    });
    gateway.onSchemaLoadOrUpdate(({ coreSupergraphSdl }) => schemas.push(coreSupergraphSdl));
    const server = serverOf(gateway);
    await server.start();
    const withoutMedia = compose(subgraphs.filter(({ name }) => name === 'people'));

    update(withoutMedia);
    expect(() => update('type Query { broken: Int }')).toThrow('the supergraph cannot be served');

    expect(schemas).toEqual([supergraphSdl, withoutMedia]);
    expect(await ask(server, whoAmI)).toEqual(grace);
    await server.stop();
    expect(cleanups).toBe(1);
  });

  it('keeps what a manager sends while it still starts', async () => {
    const withoutMedia = compose(subgraphs.filter(({ name }) => name === 'people'));
    const schemas: string[] = [];
    const gateway = new TrellisGateway({
      logger: quiet,
      supergraphSdl: async ({ update }) => {
        update(withoutMedia);
        return { supergraphSdl };
      },
    });
    gateway.onSchemaLoadOrUpdate(({ coreSupergraphSdl }) => schemas.push(coreSupergraphSdl));
    const server = serverOf(gateway);
    await server.start();
    started.push(server);

    expect(schemas).toEqual([supergraphSdl, withoutMedia]);
  });

  it('starts with what it has loaded when a manager sends something bad meanwhile, and says so', async () => {
    const problems: unknown[] = [];
    const server = await start({
      logger: { ...quiet, error: (message: unknown) => problems.push(message) },
      supergraphSdl: async ({ update }) => {
        update('type Query { broken: Int }');
        return { supergraphSdl };
      },
    });

    expect(await ask(server, whoAmI)).toEqual(grace);
    expect(problems).toEqual([
      expect.stringMatching(/the supergraph cannot be served.*; the one before stays in service/),
    ]);
  });

  it('tells nothing more to who stops listening, also when that began before the start', async () => {
    let update: (sdl: string) => void = () => {};
    const schemas: string[] = [];
    const gateway = new TrellisGateway({
      logger: quiet,
      supergraphSdl: async (options) => {
        update = options.update;
        return { supergraphSdl };
      },
    });
    const unsubscribe = gateway.onSchemaLoadOrUpdate(({ coreSupergraphSdl }) =>
      schemas.push(coreSupergraphSdl),
    );
    const server = serverOf(gateway);
    await server.start();
    started.push(server);

    unsubscribe();
    update(compose(subgraphs.filter(({ name }) => name === 'people')));

    expect(schemas).toEqual([supergraphSdl]);
  });

  it('takes a supergraph that Uplink delivers', async () => {
    const asked: unknown[] = [];
    const uplink = await listen(
      (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          asked.push(JSON.parse(Buffer.concat(chunks).toString()));
          response.setHeader('content-type', 'application/json');
          response.end(
            JSON.stringify({
              data: {
                routerConfig: {
                  __typename: 'RouterConfigResult',
                  id: '1',
                  supergraphSdl,
                  minDelaySeconds: 30,
                },
              },
            }),
          );
        });
      },
      { port: 0, host: '127.0.0.1' },
    );
    const gateway = new TrellisGateway({ logger: quiet, uplinkEndpoints: [uplink.url], uplinkMaxRetries: 0 });
    const server = new ApolloServer({
      gateway,
      logger: quiet,
      apollo: { key: 'service:library:secret', graphRef: 'library@current' },
      // Apollo's own plugins of a graph with a key report to its maker.
      plugins: [],
    });

    try {
      await server.start();
      expect(await ask(server, whoAmI)).toEqual(grace);
      expect(asked[0]).toMatchObject({
        variables: { ref: 'library@current', apiKey: 'service:library:secret' },
      });
    } finally {
      await server.stop();
      await uplink.stop(0);
    }
  });

  it('says what is missing when it is given no supergraph at all', async () => {
    await expect(start({})).rejects.toThrow('pass supergraphSdl, or set APOLLO_KEY and APOLLO_GRAPH_REF');
  });

  it('speaks through data sources of Apollo’s', async () => {
    class WithUser extends RemoteGraphQLDataSource {
      override willSendRequest({
        request,
        context,
      }: Parameters<NonNullable<RemoteGraphQLDataSource['willSendRequest']>>[0]) {
        request.http?.headers.set('x-user', String(context['user'] ?? 'none'));
      }
    }
    const server = await start({ supergraphSdl, buildService: ({ url }) => new WithUser({ url }) });
    const direct = await start({ supergraphSdl });

    const { body } = await server.executeOperation(whoAmI, { contextValue: { user: 'u1' } });

    expect(body).toMatchObject({ singleResult: grace });
    expect(people().received.at(-1)?.headers['x-user']).toBe('u1');
    for (const operation of Object.values(libraryOperations)) {
      expect((await ask(server, operation)).data).toEqual((await ask(direct, operation)).data);
    }
  });

  it('tells a data source’s failure as that of its subgraph', async () => {
    const server = await start({
      supergraphSdl,
      buildService: () => ({ process: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1')) }),
    });

    const { errors } = await ask(server, whoAmI);

    expect(errors?.[0]?.extensions).toEqual({ code: 'SUBREQUEST_HTTP_ERROR', service: 'people' });
    expect(JSON.stringify(errors)).not.toContain('10.0.0.1');
  });

  it('gives subgraphs the headers it is told to, and no identity', async () => {
    const server = serverOf(
      new TrellisGateway({ supergraphSdl, logger: quiet, forwardHeaders: ['Authorization'] }),
    );
    const { url } = await startStandaloneServer(server, { listen: { port: 0 } });
    started.push(server);

    await post(url.replace(/\/$/, ''), whoAmI, { authorization: 'Bearer x', 'x-other': 'y' });

    const { headers } = people().received.at(-1)!;
    expect(headers).toMatchObject({ authorization: 'Bearer x' });
    expect(headers).not.toHaveProperty('x-other');
    expect(headers).not.toHaveProperty('x-gateway-identity');
  });

  it('names an option that has no effect here, and refuses one that nobody knows', () => {
    const warnings: unknown[] = [];
    const logger = { ...quiet, warn: (message: unknown) => warnings.push(message) };
    new TrellisGateway({ supergraphSdl, logger, debug: true } as TrellisGatewayOptions);

    expect(warnings).toEqual([expect.stringContaining('the option debug has no effect')]);
    expect(() => new TrellisGateway({ supergraphSdl, forwardHeader: [] } as TrellisGatewayOptions)).toThrow(
      'does not know the option forwardHeader',
    );
  });

  it('tells subscribers that this server has no subscriptions', async () => {
    const server = await start({ supergraphSdl });

    const { errors } = await ask(server, { query: 'subscription { reviewAdded { stars } }' });

    expect(errors?.[0]?.message).toBe('This server serves no subscriptions.');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'SUBSCRIPTION_TRANSPORT_REQUIRED' });
  });

  it('refuses options that it would have to ignore', () => {
    expect(() => new TrellisGateway({ serviceList: [] } as object)).toThrow(
      'TrellisGateway does not take serviceList: pass supergraphSdl: new IntrospectAndCompose({ subgraphs })',
    );
  });

  it('refuses to start on a supergraph that cannot be served, and lets its manager clean up', async () => {
    let cleanups = 0;
    const manager = async () => ({
      supergraphSdl: 'type Query { broken: Int }',
      cleanup: async () => void (cleanups += 1),
    });

    await expect(start({ supergraphSdl: manager })).rejects.toThrow('the supergraph cannot be served');
    expect(cleanups).toBe(1);
  });

  it('refuses to start while a subgraph does not answer, when it is asked to check', async () => {
    people().misbehave((_request, response) => void response.status(503).end());
    const started = start({ supergraphSdl, serviceHealthCheck: true });

    await expect(started).rejects.toThrow('subgraphs failed their health check: people: ');
    people().misbehave(undefined);
  });
});
