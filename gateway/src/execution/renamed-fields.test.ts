import { GraphQLError } from 'graphql';
import { createInProcessGraph } from '../testing/in-process-graph.ts';
import type { SubgraphSource } from '../testing/start-subgraph.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])`;

/** Promises more of a pen's size than the graph as a whole does, so it would refuse both sizes under one key. */
const drawer: SubgraphSource = {
  name: 'drawer',
  typeDefs: `${link}
    type Query { drawer: [Thing], rows: [[Thing]] }
    union Thing = Pen | Cup
    type Pen @key(fields: "id") { id: ID!, size: Int! @shareable }
    type Cup @key(fields: "id") { id: ID!, size: Int, note: Note }
    type Note @key(fields: "id") { id: ID!, things: [Thing] }
  `,
  resolvers: {
    Query: { drawer: () => things, rows: () => [[things[1], null], things] },
    Cup: {
      size: ({ id }: { id: string }) => {
        if (id === 'broken') throw new GraphQLError('no size', { extensions: { code: 'BROKEN' } });
        return 2;
      },
      note: () => ({ id: 'n', things }),
    },
  },
};
const things = [
  { __typename: 'Pen', id: 'pen', size: 1 },
  { __typename: 'Cup', id: 'cup' },
  { __typename: 'Cup', id: 'broken' },
];
const shop: SubgraphSource = {
  name: 'shop',
  typeDefs: `${link} type Pen @key(fields: "id") { id: ID!, size: Int @shareable }`,
  resolvers: { Pen: { __resolveReference: (key: object) => ({ ...key, size: 1 }) } },
};

const graph = createInProcessGraph([drawer, shop]);

describe('fields that a subgraph would refuse under one key', () => {
  it.each([
    ['in a list', '{ drawer { ... on Pen { size } ... on Cup { size } } }', ['drawer', 2, 'size']],
    [
      'under an alias of the client’s',
      '{ drawer { ... on Pen { id: size } ... on Cup { id: size } } }',
      ['drawer', 2, 'id'],
    ],
    [
      'in lists of lists, and in the fields of one of them',
      '{ rows { ... on Pen { size } ... on Cup { size note { things { ... on Pen { size } ... on Cup { size } } } } } }',
      ['rows', 1, 2, 'size'],
    ],
  ])('are what the client calls them, %s', async (_where, query, path) => {
    const interpreted = await graph.interpret(query);

    expect(await graph.answer(query)).toEqual(interpreted);
    const { data, errors = [] } = interpreted;
    expect(JSON.stringify(interpreted)).not.toMatch(/alias|shape|client/);
    expect(errors.map((error) => error.path)).toContainEqual(path);
    expect(errors.every(({ extensions }) => extensions?.['code'] === 'BROKEN')).toBe(true);
    const key = path.at(-1)!;
    const sizes = [{ [key]: 1 }, { [key]: 2 }, { [key]: null }];
    if (path[0] === 'drawer') expect(data).toEqual({ drawer: sizes });
    else {
      const withNote = (size: number | null) => ({ size, note: { things: sizes } });
      expect(data).toEqual({
        rows: [
          [withNote(2), null],
          [{ size: 1 }, withNote(2), withNote(null)],
        ],
      });
    }
  });
});
