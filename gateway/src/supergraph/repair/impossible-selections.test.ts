import { askBothWays } from '../../testing/ask-both-ways.ts';
import { createInProcessGraph } from '../../testing/in-process-graph.ts';
import type { SubgraphSource } from '../../testing/start-subgraph.ts';

// Each case says Apollo’s answer beside the right one where they differ, so that a repair that is no longer needed is noticed.

const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key"]
)`;

describe('a field whose selections no type of its subgraph can have', () => {
  let touched = 0;
  const nodes: SubgraphSource = {
    name: 'nodes',
    typeDefs: `${link}
      type Query { nodes: [Node!]!, box: Box, boxes: [Box!]! }
      type Mutation { touch: [Node!]! }
      type Box @key(fields: "id") { id: ID!, nodes: [Node!]! }
      interface Node { id: ID! }
    `,
    resolvers: {
      Query: { nodes: () => [], box: () => ({ id: 'b', nodes: [] }), boxes: () => [{ id: 'b', nodes: [] }] },
      Mutation: {
        touch: () => {
          touched += 1;
          return [];
        },
      },
      Box: { __resolveReference: ({ id }: { id: string }) => ({ id, nodes: [] }) },
    },
  };
  const films: SubgraphSource = {
    name: 'films',
    typeDefs: `${link}
      type Query { film: Film, elsewhere: Box }
      interface Node { id: ID!, name: String }
      type Film implements Node @key(fields: "id") { id: ID!, name: String }
      type Box @key(fields: "id", resolvable: false) { id: ID! }
    `,
    resolvers: { Query: { elsewhere: () => ({ id: 'b' }) } },
  };
  const graph = createInProcessGraph([nodes, films]);

  it.each([
    ['at the root', '{ nodes { name } }', null, { nodes: [] }],
    [
      'at the root, with the type’s name',
      '{ nodes { __typename ... on Node { name } } }',
      null,
      { nodes: [] },
    ],
    ['in an object', '{ box { nodes { name } } }', { box: null }, { box: { nodes: [] } }],
    ['beside others', '{ box { id nodes { name } } }', { box: null }, { box: { id: 'b', nodes: [] } }],
    ['in a list', '{ boxes { id nodes { name } } }', null, { boxes: [{ id: 'b', nodes: [] }] }],
    [
      'in an entity',
      '{ elsewhere { id nodes { name } } }',
      { elsewhere: null },
      { elsewhere: { id: 'b', nodes: [] } },
    ],
  ])('is fetched, %s', async (_where, query, wrong, right) => {
    expect((await graph.askStock(query)).data).toEqual(wrong);
    expect(await askBothWays(graph, query)).toEqual({ data: right });
  });

  it('is executed where it is a mutation', async () => {
    touched = 0;

    expect((await graph.interpret('mutation { touch { name } }')).data).toEqual({ touch: [] });
    expect(touched).toBe(1);
  });
});
