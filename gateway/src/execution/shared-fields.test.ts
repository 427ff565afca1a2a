import { askBothWays } from '../testing/ask-both-ways.ts';
import { createInProcessGraph } from '../testing/in-process-graph.ts';
import type { SubgraphSource } from '../testing/start-subgraph.ts';

// Subgraphs that share a field have to resolve it alike, so the planner asks only for types that all of them know. These two contradict each other.

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])`;

const pens: SubgraphSource = {
  name: 'pens',
  typeDefs: `${link}
    type Query { things: [[Thing]] @shareable, drawer: Drawer }
    type Drawer @key(fields: "id") { id: ID!, thing: Thing @shareable }
    union Thing = Pen | Ink
    type Pen @key(fields: "id") { id: ID!, color: String }
    type Ink @key(fields: "id") { id: ID!, volume: Int }
  `,
  resolvers: {
    Query: {
      things: () => [
        [
          { __typename: 'Pen', id: '1', color: 'red' },
          { __typename: 'Ink', id: '2', volume: 3 },
        ],
      ],
      drawer: () => ({ id: 'd', thing: { __typename: 'Ink', id: '2', volume: 3 } }),
    },
  },
};
const papers: SubgraphSource = {
  name: 'papers',
  typeDefs: `${link}
    type Query { things: [[Thing]] @shareable }
    type Drawer @key(fields: "id") { id: ID!, thing: Thing @shareable }
    union Thing = Pen | Paper
    type Pen @key(fields: "id") { id: ID! }
    type Paper { width: Int }
  `,
  resolvers: {},
};
const graph = createInProcessGraph([pens, papers]);

describe('a shared field', () => {
  it('with an object of a type that another of its subgraphs does not know is an error, and never silently empty', async () => {
    const query =
      '{ things { __typename ... on Pen { color } ... on Ink { volume } ... on Paper { width } } }';

    expect((await graph.askStock(query)).errors).toBeUndefined();
    const { data, errors } = await askBothWays(graph, query);

    expect(data).toEqual({
      things: [
        [
          { __typename: 'Pen', color: 'red' },
          { __typename: 'Ink', volume: null },
        ],
      ],
    });
    expect(errors).toMatchObject([
      {
        path: ['things', 0, 1, 'volume'],
        extensions: { code: 'SUBREQUEST_INVALID_DATA', service: 'pens' },
      },
    ]);
  });

  it('is one too within an entity, and where the field has another name', async () => {
    const { data, errors } = await askBothWays(graph, '{ drawer { thing { ... on Ink { id: volume } } } }');

    expect(data).toEqual({ drawer: { thing: { id: null } } });
    expect(errors?.map(({ path }) => path)).toEqual([['drawer', 'thing', 'id']]);
  });

  it('is none where nothing is asked of such types', async () => {
    expect(await askBothWays(graph, '{ things { __typename ... on Pen { color } } }')).toEqual({
      data: { things: [[{ __typename: 'Pen', color: 'red' }, { __typename: 'Ink' }]] },
    });
  });
});
