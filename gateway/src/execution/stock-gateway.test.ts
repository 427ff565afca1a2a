import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { parse } from 'graphql';
import { libraryOperations } from '../testing/library-operations.ts';
import { startLibrary, post, type GraphQLBody, type RunningLibrary } from '../testing/start-library.ts';

// Differential: Apollo's own gateway, on the same subgraphs, is right about everything here.

describe('against Apollo’s gateway', () => {
  let library: RunningLibrary;
  let stock: ApolloServer;

  beforeAll(async () => {
    library = await startLibrary();
    const quiet = { debug() {}, info() {}, warn() {}, error() {} };
    stock = new ApolloServer({
      gateway: new ApolloGateway({ supergraphSdl: library.supergraphSdl, logger: quiet }),
      introspection: true,
      includeStacktraceInErrorResponses: false,
      logger: quiet,
    });
    await stock.start();
  });
  afterAll(async () => {
    await stock.stop();
    await library.stop();
  });

  test.each(Object.entries(libraryOperations))('answers %s alike', async (_name, operation) => {
    parse(operation.query);

    const [ours, theirs] = await Promise.all([
      post(library.gateway.url, operation),
      stock.executeOperation(operation),
    ]);

    if (theirs.body.kind !== 'single') throw new Error('an incremental result');
    const expected = JSON.parse(JSON.stringify(theirs.body.singleResult)) as GraphQLBody;
    const first = withoutDefer(ours.body);
    expect(comparable(first)).toEqual(comparable(expected));
    expect(JSON.stringify(first.data)).toBe(JSON.stringify(expected.data));

    // This time by the compiled operation.
    const again = withoutDefer((await post(library.gateway.url, operation)).body);
    expect(comparable(again)).toEqual(comparable(expected));
    expect(JSON.stringify(again.data)).toBe(JSON.stringify(expected.data));
  });

  it('keeps the type of an object that another subgraph knows by its interface alone, where Apollo’s loses it', async () => {
    const query = '{ medium(id: "m1") { id ... on Book { rating __typename } } }';

    expect((await post(library.gateway.url, { query })).body).toEqual({
      data: { medium: { id: 'm1', rating: 4.5, __typename: 'Book' } },
    });
  });
});

/** Apollo's gateway does not know the directive. */
function withoutDefer(body: GraphQLBody): GraphQLBody {
  const { __schema: schema } = (body.data ?? {}) as { __schema?: { directives: { name: string }[] } };
  if (schema !== undefined) schema.directives = schema.directives.filter(({ name }) => name !== 'defer');
  return body;
}

/** The two name the subgraph differently, and report errors in the order that fetches end in. */
function comparable({ data, errors = [] }: GraphQLBody) {
  const comparableErrors = errors.map(({ message, path, extensions = {} }) => {
    const { service, serviceName, ...rest } = extensions;
    return { message, path, extensions: { ...rest, service: service ?? serviceName } };
  });
  const inOrder = comparableErrors.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return { data, errors: inOrder };
}
