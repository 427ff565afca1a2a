import { askBothWays } from '../../testing/ask-both-ways.ts';
import { createInProcessGraph } from '../../testing/in-process-graph.ts';
import type { SubgraphSource } from '../../testing/start-subgraph.ts';

// Each case says Apollo’s answer beside the right one where they differ, so that a repair that is no longer needed is noticed.

const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@interfaceObject"]
)`;

describe('a fragment on a union in an interface object', () => {
  const things: SubgraphSource = {
    name: 'things',
    typeDefs: `${link}
      type Query { thing: Thing }
      interface Thing @key(fields: "id") { id: ID! }
      type Pen implements Thing @key(fields: "id") { id: ID!, color: String }
      union Writing = Pen
    `,
    resolvers: {
      Thing: { __resolveReference: ({ id }: { id: string }) => ({ __typename: 'Pen', id, color: 'blue' }) },
      Pen: { __resolveReference: ({ id }: { id: string }) => ({ id, color: 'blue' }) },
    },
  };
  const shelf: SubgraphSource = {
    name: 'shelf',
    typeDefs: `${link}
      type Query { first: Thing }
      type Thing @key(fields: "id") @interfaceObject { id: ID!, row: Int }
    `,
    resolvers: { Query: { first: () => ({ id: '1', row: 2 }) } },
  };
  const graph = createInProcessGraph([things, shelf]);

  it('is planned although the planner gives up', async () => {
    const query = '{ first { row ... on Writing { __typename ... on Pen { color } } } }';

    expect((await graph.askStock(query)).errors).toHaveLength(1);
    expect(await askBothWays(graph, query)).toEqual({
      data: { first: { row: 2, __typename: 'Pen', color: 'blue' } },
    });
  });
});
