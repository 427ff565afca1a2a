import { askBothWays } from '../../testing/ask-both-ways.ts';
import { createInProcessGraph } from '../../testing/in-process-graph.ts';
import type { SubgraphSource } from '../../testing/start-subgraph.ts';

// Each case says Apollo’s answer beside the right one where they differ, so that a repair that is no longer needed is noticed.

const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@external", "@requires", "@shareable"]
)`;

describe('a required field with arguments', () => {
  type Unit = 'KG' | 'LB' | 'G';
  interface Sized {
    readonly __typename: 'Box' | 'Tube';
    readonly kilograms: number;
  }
  const inUnit = (kilograms: number, unit: Unit): number => kilograms * { KG: 1, LB: 2, G: 1000 }[unit];
  const measures = `
    enum Unit { KG LB G }
    interface Packing { weight(in: Unit = G): Int }
    type Box implements Packing @shareable { weight(in: Unit = G): Int }
    type Tube implements Packing @shareable { weight(in: Unit = G): Int }
    union Wrapping = Box | Tube
  `;
  const weigh = ({ kilograms }: { kilograms?: number }, args: { in: Unit }): number => {
    if (kilograms === undefined) throw new Error('not weighed');
    return inUnit(kilograms, args.in);
  };
  const broken = { id: '2', packing: { __typename: 'Box' } };
  const packings: Sized[] = [
    { __typename: 'Box', kilograms: 3 },
    { __typename: 'Tube', kilograms: 4 },
  ];
  const book = { id: '1', title: 'T', kilograms: 5, packing: packings[0], wrappings: packings };
  const goods: SubgraphSource = {
    name: 'goods',
    typeDefs: `${link} ${measures}
      type Query { book: Book, shelves: [[Book]], broken: Book }
      type Book @key(fields: "id") {
        id: ID!, title: String, weight(in: Unit = G): Int, packing: Packing, wrappings: [Wrapping!]!
      }
    `,
    resolvers: {
      Query: { book: () => book, shelves: () => [[book, null]], broken: () => broken },
      Book: { __resolveReference: () => book, weight: weigh },
      Box: { weight: weigh },
      Tube: { weight: weigh },
    },
  };
  interface Received {
    readonly weight?: number;
    readonly packing?: { readonly weight: number };
    readonly wrappings?: readonly { readonly weight: number }[];
  }
  const freight: SubgraphSource = {
    name: 'freight',
    typeDefs: `${link} ${measures}
      type Query { parcel: Book }
      type Book @key(fields: "id") {
        id: ID!
        weight(in: Unit = G): Int @external
        packing: Packing @external
        wrappings: [Wrapping!]! @external
        cost: Int @requires(fields: "weight(in: KG)")
        tax: Int @requires(fields: "weight(in: LB)")
        stamps: Int @requires(fields: "weight")
        padding: Int @requires(fields: "packing { weight(in: KG) }")
        string: Int @requires(fields: "packing { weight(in: LB) }")
        paper: Int @requires(fields: "wrappings { ... on Box { weight(in: KG) } ... on Tube { weight(in: LB) } }")
        route: String
      }
    `,
    resolvers: {
      Query: { parcel: () => ({ id: '1' }) },
      Book: {
        __resolveReference: (received: Received) => received,
        cost: ({ weight = NaN }: Received) => weight,
        tax: ({ weight = NaN }: Received) => weight,
        stamps: ({ weight = NaN }: Received) => weight,
        padding: ({ packing }: Received) => packing?.weight,
        string: ({ packing }: Received) => packing?.weight,
        paper: ({ wrappings = [] }: Received) => wrappings.reduce((sum, { weight }) => sum + weight, 0),
        route: () => 'R',
      },
    },
  };
  const graph = createInProcessGraph([goods, freight]);

  it.each([
    [
      'the client asks with others',
      '{ book { weight(in: LB) cost } }',
      { book: { weight: 10, cost: 10 } },
      { book: { weight: 10, cost: 5 } },
    ],
    [
      'the client asks with its default',
      '{ book { cost weight } }',
      { book: { cost: 5, weight: 5 } },
      { book: { cost: 5, weight: 5000 } },
    ],
    [
      'the client asks with a variable',
      'query($in: Unit) { shelves { weight(in: $in) cost } }',
      { shelves: [[{ weight: 10, cost: 10 }, null]] },
      { shelves: [[{ weight: 10, cost: 5 }, null]] },
    ],
    [
      'it is required with its default',
      '{ book { weight(in: KG) stamps } }',
      { book: { weight: 5, stamps: 5 } },
      { book: { weight: 5, stamps: 5000 } },
    ],
    [
      'other fields require it with others',
      '{ parcel { cost tax route stamps } }',
      { parcel: { cost: 5000, tax: 5000, route: 'R', stamps: 5000 } },
      { parcel: { cost: 5, tax: 10, route: 'R', stamps: 5000 } },
    ],
    [
      'it is a field of an interface within',
      '{ book { packing { weight(in: G) ... on Box { w: weight(in: LB) } } padding string } }',
      { book: { packing: { weight: 3000, w: 6 }, padding: 3000, string: 3000 } },
      { book: { packing: { weight: 3000, w: 6 }, padding: 3, string: 6 } },
    ],
    [
      'it is a field of members of a union',
      '{ book { wrappings { ... on Box { weight(in: G) } } paper } }',
      { book: { wrappings: [{ weight: 3000 }, {}], paper: 3008 } },
      { book: { wrappings: [{ weight: 3000 }, {}], paper: 11 } },
    ],
  ])('has the value that is required where %s', async (_where, query, wrong, right) => {
    const variables = query.includes('$in') ? { in: 'LB' } : {};

    expect(await graph.askStock(query, variables)).toEqual({ data: wrong });
    expect(await askBothWays(graph, query, variables)).toEqual({ data: right });
  });

  it('is seen by no client', async () => {
    const query = '{ __type(name: "Book") { fields { name } } }';

    const { data } = await askBothWays(graph, query);

    expect(JSON.stringify(data)).toContain('weight');
    expect(JSON.stringify(data)).not.toContain('required');
    expect(graph.generation.supergraphSdl).not.toContain('__required');
  });

  it('is told by its own name when it fails', async () => {
    const { data, errors } = await askBothWays(graph, '{ broken { cost padding } }');

    expect(data).toEqual({ broken: { cost: null, padding: null } });
    expect(errors?.map(({ path }) => path)).toEqual([
      ['broken', 'packing', 'weight'],
      ['broken', 'weight'],
    ]);
  });

  it('is not taken for what the client calls like it', async () => {
    const query = '{ book { weight: title cost wrappings: packing { __typename: weight(in: KG) } paper } }';

    expect(await askBothWays(graph, query)).toEqual({
      data: { book: { weight: 'T', cost: 5, wrappings: { __typename: 3 }, paper: 11 } },
    });
    expect((await graph.askStock('{ book { weight: title cost } }')).data).not.toEqual({
      book: { weight: 'T', cost: 5 },
    });
  });
});
