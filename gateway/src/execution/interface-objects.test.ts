import { createInProcessGraph } from '../testing/in-process-graph.ts';
import type { SubgraphSource } from '../testing/start-subgraph.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@interfaceObject"])`;

const pens = [
  { __typename: 'Pen', id: 'pen', label: 'P', color: 'blue' },
  { __typename: 'Cup', id: 'cup', label: 'C', volume: 3 },
];
const find = ({ id }: { id: string }): object | null => pens.find((thing) => thing.id === id) ?? null;

/** Knows what things are. Every `Cup` has a label, while a `Thing` need not. */
const things: SubgraphSource = {
  name: 'things',
  typeDefs: `${link}
    type Query { things: [Thing] }
    interface Named { label: String }
    interface Thing implements Named @key(fields: "id") { id: ID!, label: String }
    type Pen implements Thing & Named @key(fields: "id") { id: ID!, label: String, color: String }
    type Cup implements Thing & Named @key(fields: "id") { id: ID!, label: String!, volume: Int }
  `,
  resolvers: {
    Query: { things: () => pens },
    Thing: { __resolveReference: find },
    Pen: { __resolveReference: find },
    Cup: { __resolveReference: find },
  },
};

/** Knows them as things alone. */
const shelves: SubgraphSource = {
  name: 'shelves',
  typeDefs: `${link}
    type Query { first: Thing, shelf: [Thing!], lost: [Thing] }
    type Thing @key(fields: "id") @interfaceObject { id: ID!, row: Int, place(of: Int = 1): String! }
  `,
  resolvers: {
    Query: {
      first: () => ({ id: 'cup' }),
      shelf: () => [{ id: 'cup' }, { id: 'pen' }],
      lost: () => [{ id: 'nothing' }, { id: 'pen' }],
    },
    Thing: {
      __resolveReference: (key: object) => key,
      row: ({ id }: { id: string }) => id.length,
      place: ({ id }: { id: string }, { of }: { of: number }) => `${id}/${of}`,
    },
  },
};

const graph = createInProcessGraph([things, shelves]);

async function answer(query: string, variables?: Record<string, unknown>) {
  const interpreted = await graph.interpret(query, variables);
  expect(await graph.answer(query, variables)).toEqual(interpreted);
  return interpreted;
}

describe('an object of an interface object', () => {
  it.each([
    [
      'fields of its own',
      '{ first { id row place(of: 2) } }',
      { first: { id: 'cup', row: 3, place: 'cup/2' } },
    ],
    ['its type', '{ first { __typename row } }', { first: { __typename: 'Cup', row: 3 } }],
    [
      'fields of the interface that others have',
      '{ shelf { label row } }',
      {
        shelf: [
          { label: 'C', row: 3 },
          { label: 'P', row: 3 },
        ],
      },
    ],
    [
      'fields of its type',
      '{ shelf { row ... on Pen { color } ... on Cup { volume place } } }',
      {
        shelf: [
          { row: 3, volume: 3, place: 'cup/1' },
          { row: 3, color: 'blue' },
        ],
      },
    ],
    [
      'what is asked of each of its types under one key',
      '{ shelf { ... on Pen { place(of: 2) } ... on Cup { place } } things { ... on Pen { place } } }',
      { shelf: [{ place: 'cup/1' }, { place: 'pen/2' }], things: [{ place: 'pen/1' }, {}] },
    ],
    [
      'fields that it adds to types',
      '{ things { __typename row ... on Pen { place } } }',
      {
        things: [
          { __typename: 'Pen', row: 3, place: 'pen/1' },
          { __typename: 'Cup', row: 3 },
        ],
      },
    ],
  ])('has %s', async (_what, query, data) => {
    expect(await answer(query)).toEqual({ data });
    expect(await graph.writes(query)).toBe(true);
  });

  it('may lack what its interface lets be null, though some type of it always has it', async () => {
    expect(await answer('{ lost { id label } }')).toEqual({
      data: {
        lost: [
          { id: 'nothing', label: null },
          { id: 'pen', label: 'P' },
        ],
      },
    });
  });

  it('may not lack what its interface does not let be null', async () => {
    const failing = createInProcessGraph([
      things,
      {
        ...shelves,
        resolvers: {
          Query: { shelf: () => [{ id: 'cup' }], lost: () => [{ id: 'cup' }] },
          Thing: { place: () => null },
        },
      },
    ]);

    const { data, errors } = await failing.interpret('{ lost { id place } shelf { place } }');

    expect(data).toEqual({ lost: [null], shelf: null });
    expect(errors?.map(({ path }) => path)).toEqual([
      ['lost', 0, 'place'],
      ['shelf', 0, 'place'],
    ]);
  });

  it('is of no type that introspection shows', async () => {
    await answer('{ first { id } }');

    const { data } = await answer(
      '{ __schema { types { name } } __type(name: "Thing") { possibleTypes { name } } first { row } }',
    );

    expect(JSON.stringify(data)).not.toContain('Unspecific');
    expect(data).toMatchObject({
      __type: { possibleTypes: [{ name: 'Cup' }, { name: 'Pen' }] },
      first: { row: 3 },
    });
  });
});
