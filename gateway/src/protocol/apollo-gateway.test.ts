import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import { createLogger } from '@trellis/lifecycle';
import { parse } from 'graphql';
import { createAborting } from '../aborting.ts';
import type { Engine } from '../execution/engine.ts';
import { createSupergraphStore } from '../supergraph/supergraph-store.ts';
import { compose } from '../testing/compose.ts';
import { librarySubgraphs } from '../testing/library-graph.ts';
import { createApolloGateway, createExecutor } from './apollo-gateway.ts';

const supergraphSdl = compose(
  librarySubgraphs.map(({ name, typeDefs }) => ({ name, typeDefs, url: `http://${name}.invalid/graphql` })),
);
const createStore = () =>
  createSupergraphStore(supergraphSdl, { subgraphUrls: {} }, createLogger('gateway', 'silent'));
const execute: Engine['execute'] = async () => ({ data: {} });
const context = {
  identity: { kind: 'anonymous' },
  correlationId: 'c',
  forwardedHeaders: {},
  signal: createAborting().signal,
} as const;

/** A request as Apollo Server hands it on. */
function requestOf(source: string, store: ReturnType<typeof createStore>): GatewayGraphQLRequestContext {
  const document = parse(source);
  return {
    schema: store.current().apiSchema,
    source,
    document,
    operation: document.definitions[0],
    queryHash: source,
    request: { query: source, operationName: null },
    context,
  } as unknown as GatewayGraphQLRequestContext;
}

describe('an operation that Apollo Server hands on', () => {
  const source = '{ me { name } }';

  it('is known by its text from then on', async () => {
    const store = createStore();
    const { executor } = await createApolloGateway(store, { execute } as Engine).load({ apollo: {} });

    await executor!(requestOf(source, store));

    expect(store.current().known.find(source, '')).toBeDefined();
  });

  it('is not, when answering it depends on whether its client takes parts', async () => {
    const deferring = '{ me { ... @defer { name } } }';
    const store = createStore();
    const { executor } = await createApolloGateway(store, { execute } as Engine).load({ apollo: {} });

    await executor!(requestOf(deferring, store));

    expect(store.current().known.find(deferring, '')).toBeUndefined();
  });

  it('is planned and not remembered for a server in front that does not ask for it by its text', async () => {
    const store = createStore();
    const executor = createExecutor({ store, execute, contextOf: () => context, noStreams: 'none' });

    await executor(requestOf(source, store));

    expect(store.current().plans.get(`${source}:`)).toBeDefined();
    expect(store.current().known.find(source, '')).toBeUndefined();
  });
});
