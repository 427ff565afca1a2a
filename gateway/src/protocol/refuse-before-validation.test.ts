import { createLogger } from '@trellis/lifecycle';
import { Kind, type DocumentNode } from 'graphql';
import type { RequestContext } from '../request-context.ts';
import { createLibraryGeneration } from '../testing/library-generation.ts';
import type { SupergraphStore } from '../supergraph/supergraph-store.ts';
import { createApolloServer } from './apollo-server.ts';

const generation = createLibraryGeneration();

/** What Apollo Server was given to validate, as names of root fields. */
const validated: string[][] = [];

function rootFields({ definitions }: DocumentNode): string[] {
  return definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? definition.selectionSet.selections.map((selection) =>
          selection.kind === Kind.FIELD ? selection.name.value : selection.kind,
        )
      : [],
  );
}

describe('what Apollo Server validates', () => {
  const apollo = createApolloServer({
    gateway: {
      onSchemaLoadOrUpdate(callback) {
        callback({ apiSchema: generation.apiSchema, coreSupergraphSdl: generation.supergraphSdl });
        return () => {};
      },
      load: async () => ({ executor: async () => ({ data: {} }) }),
      stop: async () => {},
    },
    store: { current: () => generation, of: () => generation } as unknown as SupergraphStore,
    logger: createLogger('gateway', 'silent'),
    introspection: true,
    sandbox: false,
    batches: false,
    exampleQuery: undefined,
    persistedQueries: undefined,
    plugins: [
      {
        requestDidStart: async () => ({
          async validationDidStart({ document }) {
            validated.push(rootFields(document));
          },
        }),
      },
    ],
  });
  beforeEach(() => validated.splice(0));
  afterAll(() => apollo.stop());

  const answer = async (query: string) => {
    const context = { correlationId: 'c' } as RequestContext;
    const { body, http } = await apollo.executeOperation({ query }, { contextValue: context });
    return { status: http.status, body: JSON.stringify(body) };
  };

  it('is an invalid document once, which is told the same each time', async () => {
    const query = '{\n  nothing\n  me { nmae }\n}';
    const [first, second, third] = [await answer(query), await answer(query), await answer(query)];

    expect(first.status).toBe(400);
    expect(first.body).toContain('"locations":[{"line":2,"column":3}]');
    expect(first.body).toContain('"GRAPHQL_VALIDATION_FAILED"');
    expect([second, third]).toEqual([first, first]);
    expect(validated).toEqual([['nothing', 'me'], ['__refused'], ['__refused']]);
  });

  it('is no document whose fields overlap too often', async () => {
    const { status, body } = await answer(
      `{ ${'me { x: manager { id } x: reviews y: name } '.repeat(700)} }`,
    );

    expect(status).toBe(400);
    expect(body).toContain('"OPERATION_TOO_LARGE"');
    expect(validated).toEqual([['__refused']]);
  });
});
