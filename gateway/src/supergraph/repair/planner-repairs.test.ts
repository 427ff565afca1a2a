import { GraphQLError } from 'graphql';
import { createInProcessGraph, type InProcessGraph } from '../../testing/in-process-graph.ts';
import { librarySubgraphs } from '../../testing/library-graph.ts';
import type { SubgraphSource } from '../../testing/start-subgraph.ts';

// What Apollo's planner and gateway answer wrongly without telling, and what this gateway answers. Each case says both, so that a repair that is no longer
// needed is noticed.

const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@external", "@requires", "@shareable", "@interfaceObject", "@context", "@fromContext"]
)`;

async function ours(graph: InProcessGraph, query: string, variables?: Record<string, unknown>) {
  const [interpreted, compiled] = [
    await graph.interpret(query, variables),
    await graph.answer(query, variables),
  ];
  expect(compiled).toEqual(interpreted);
  return compiled;
}

describe('a key that is not resolvable', () => {
  const books = [
    { id: '1', sku: 's1', size: 3 },
    { id: '2', sku: 's2', size: 5 },
  ];
  const catalogue: SubgraphSource = {
    name: 'catalogue',
    typeDefs: `${link}
      type Query { books: [Book!]! }
      type Book @key(fields: "id") @key(fields: "sku") { id: ID!, sku: ID!, size: Int! }
    `,
    resolvers: {
      Query: { books: () => books },
      Book: {
        __resolveReference: (key: { id?: string; sku?: string }) =>
          books.find(({ id, sku }) => id === key.id || sku === key.sku),
      },
    },
  };
  const prices: SubgraphSource = {
    name: 'prices',
    typeDefs: `${link}
      type Query { first: Book, shelf: Shelf, anything: [Thing] }
      type Shelf @key(fields: "id") { id: ID!, rows: [[Book]!]! }
      union Thing = Book | Shelf
      type Book @key(fields: "id", resolvable: false) @key(fields: "sku") {
        id: ID!, sku: ID!, size: Int! @external, price: Int @requires(fields: "size")
      }
    `,
    resolvers: {
      Query: {
        first: () => books[0],
        shelf: () => ({ id: 'a', rows: [[books[0], null], [books[1]]] }),
        anything: () => [
          { __typename: 'Shelf', id: 'a' },
          { __typename: 'Book', ...books[1] },
        ],
      },
      Book: {
        __resolveReference: (key: { sku?: string; size: number }) => (key.sku === undefined ? null : key),
        price: ({ size }: { size: number }) => size * 10,
      },
    },
  };
  const graph = createInProcessGraph([catalogue, prices]);

  it.each([
    ['on a root field', '{ first { price } }', { first: { price: null } }, { first: { price: 30 } }],
    [
      'within lists',
      '{ shelf { rows { price } } }',
      { shelf: { rows: [[{ price: null }, null], [{ price: null }]] } },
      { shelf: { rows: [[{ price: 30 }, null], [{ price: 50 }]] } },
    ],
    [
      'in a union',
      '{ anything { ... on Book { price sku } ... on Shelf { id } } }',
      { anything: [{ id: 'a' }, { price: null, sku: 's2' }] },
      { anything: [{ id: 'a' }, { price: 50, sku: 's2' }] },
    ],
  ])('is not what a subgraph is re-entered by, %s', async (_where, query, wrong, right) => {
    expect(await graph.askStock(query)).toEqual({ data: wrong });
    expect(await ours(graph, query)).toEqual({ data: right });
  });
});

describe('a key that is not resolvable, of a type with an argument from the context', () => {
  const codes: SubgraphSource = {
    name: 'codes',
    typeDefs: `${link} type City @key(fields: "id") @key(fields: "code") { id: ID!, code: String! @shareable }`,
    resolvers: { City: { __resolveReference: ({ id }: { id: string }) => ({ id, code: `c${id}` }) } },
  };
  const rents: SubgraphSource = {
    name: 'rents',
    typeDefs: `${link}
      type Query { home: Country }
      type Country @key(fields: "id") @context(name: "country") { id: ID!, currency: String!, cities: [City!]! }
      type City @key(fields: "id", resolvable: false) @key(fields: "code") {
        id: ID!, code: String! @shareable, rent(in: String @fromContext(field: "$country { currency }")): String
      }
    `,
    resolvers: {
      Query: { home: () => ({ id: 'e', currency: 'EUR', cities: [{ id: '1', code: 'c1' }] }) },
      City: {
        __resolveReference: ({ code }: { code?: string }) => (code === undefined ? null : { code }),
        rent: ({ code }: { code: string }, args: { in: string }) => `${code} in ${args.in}`,
      },
    },
  };

  it('is not what the subgraph is re-entered by', async () => {
    const graph = createInProcessGraph([codes, rents]);

    expect(await ours(graph, '{ home { cities { rent } } }')).toEqual({
      data: { home: { cities: [{ rent: 'c1 in EUR' }] } },
    });
  });
});

describe('a field that no plan can answer', () => {
  const sizes: SubgraphSource = {
    name: 'sizes',
    typeDefs: `${link} type Book @key(fields: "id") { id: ID!, size: Int! }`,
    resolvers: { Book: { __resolveReference: ({ id }: { id: string }) => ({ id, size: 3 }) } },
  };
  const prices: SubgraphSource = {
    name: 'prices',
    typeDefs: `${link}
      type Query { first: Book }
      type Book @key(fields: "id", resolvable: false) {
        id: ID!, size: Int! @external, price: Int @requires(fields: "size"), title: String
      }
    `,
    resolvers: { Query: { first: () => ({ id: '1', title: 'T' }) } },
  };
  const graph = createInProcessGraph([sizes, prices]);

  it('is refused with a code, though it composes', async () => {
    await expect(graph.interpret('{ first { title price } }')).rejects.toMatchObject({
      extensions: { code: 'OPERATION_NOT_PLANNABLE' },
    });
    expect(graph.sent).toEqual([]);
  });

  it('does not keep others from being answered', async () => {
    expect(await ours(graph, '{ first { title size } }')).toEqual({
      data: { first: { title: 'T', size: 3 } },
    });
  });
});

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
    expect(await ours(graph, query)).toEqual({ data: right });
  });

  it('is executed where it is a mutation', async () => {
    touched = 0;

    expect((await graph.interpret('mutation { touch { name } }')).data).toEqual({ touch: [] });
    expect(touched).toBe(1);
  });
});

describe('an alias that is called like a key of another field', () => {
  const graph = createInProcessGraph(librarySubgraphs);

  it('does not take the key’s place', async () => {
    const query = '{ people { id: name name: id reviews { id: body } } }';
    const [, , edsger] = ((await graph.askStock(query)).data as { people: unknown[] }).people;

    expect(edsger).toEqual({ id: 'p3', name: 'p3', reviews: [{ id: null }] });
    expect((await ours(graph, query)).data).toMatchObject({
      people: [
        { id: 'Ada', name: 'p1' },
        { id: 'Grace' },
        { id: 'Edsger', name: 'p3', reviews: [{ id: null }] },
      ],
    });
  });

  it('is what errors are told at', async () => {
    const other = await ours(graph, '{ reviews { by { x: fragile } } }');

    const answer = await ours(graph, '{ reviews { by { id: fragile } } }');

    expect(JSON.stringify(other)).toContain('"path":["reviews",0,"by","x"]');
    expect(answer).toEqual(JSON.parse(JSON.stringify(other).replaceAll('"x"', '"id"')));
  });
});

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
  const weigh = ({ kilograms }: { kilograms: number }, args: { in: Unit }): number =>
    inUnit(kilograms, args.in);
  const packings: Sized[] = [
    { __typename: 'Box', kilograms: 3 },
    { __typename: 'Tube', kilograms: 4 },
  ];
  const book = { id: '1', title: 'T', kilograms: 5, packing: packings[0], wrappings: packings };
  const goods: SubgraphSource = {
    name: 'goods',
    typeDefs: `${link} ${measures}
      type Query { book: Book, shelves: [[Book]] }
      type Book @key(fields: "id") {
        id: ID!, title: String, weight(in: Unit = G): Int, packing: Packing, wrappings: [Wrapping!]!
      }
    `,
    resolvers: {
      Query: { book: () => book, shelves: () => [[book, null]] },
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
    expect(await ours(graph, query, variables)).toEqual({ data: right });
  });

  it('is seen by no client', async () => {
    const query = '{ __type(name: "Book") { fields { name } } }';

    const { data } = await ours(graph, query);

    expect(JSON.stringify(data)).toContain('weight');
    expect(JSON.stringify(data)).not.toContain('required');
    expect(graph.generation.supergraphSdl).not.toContain('__required');
  });

  it('is not taken for what the client calls like it', async () => {
    const query = '{ book { weight: title cost wrappings: packing { __typename: weight(in: KG) } paper } }';

    expect(await ours(graph, query)).toEqual({
      data: { book: { weight: 'T', cost: 5, wrappings: { __typename: 3 }, paper: 11 } },
    });
    expect((await graph.askStock('{ book { weight: title cost } }')).data).not.toEqual({
      book: { weight: 'T', cost: 5 },
    });
  });
});

describe('a condition on a field that requires others', () => {
  const books: SubgraphSource = {
    name: 'books',
    typeDefs: `${link}
      type Query { books: [Book!]! }
      type Book @key(fields: "id") { id: ID!, weight: Int }
    `,
    resolvers: { Query: { books: () => [{ id: '1', weight: 3 }] } },
  };
  const shop: SubgraphSource = {
    name: 'shop',
    typeDefs: `${link}
      type Book @key(fields: "id") { id: ID!, title: String, weight: Int @external, cost: Int @requires(fields: "weight") }
    `,
    resolvers: {
      Book: {
        __resolveReference: (received: object) => ({ ...received, title: 'T' }),
        cost: ({ weight }: { weight: number }) => weight * 10,
      },
    },
  };
  const graph = createInProcessGraph([books, shop]);
  const query =
    'query($yes: Boolean!, $no: Boolean!) { books { title cost @skip(if: $yes) price: cost @include(if: $no) } }';

  it('does not count for the fields beside it', async () => {
    expect(await graph.askStock(query, { yes: true, no: false })).toEqual({
      data: { books: [{ title: null }] },
    });
    expect(await ours(graph, query, { yes: true, no: false })).toEqual({ data: { books: [{ title: 'T' }] } });
  });

  it.each([
    [true, true, { title: 'T', price: 30 }],
    [false, true, { title: 'T', cost: 30, price: 30 }],
    [false, false, { title: 'T', cost: 30 }],
  ])('counts for the field itself, with $yes %s and $no %s', async (yes, no, book) => {
    expect(await ours(graph, query, { yes, no })).toEqual({ data: { books: [book] } });
  });
});

describe('a field that a literal condition excludes', () => {
  const people: SubgraphSource = {
    name: 'people',
    typeDefs: `${link} type Query { people: [Person!]! } type Person @key(fields: "id") { id: ID! }`,
    resolvers: { Query: { people: () => [{ id: '1' }] } },
  };
  let asked = 0;
  const moods: SubgraphSource = {
    name: 'moods',
    typeDefs: `${link} type Person @key(fields: "id") { id: ID!, mood: String!, friend: Person }`,
    resolvers: {
      Person: {
        mood: () => {
          asked += 1;
          throw new GraphQLError('moody');
        },
        friend: ({ id }: { id: string }) => ({ id }),
      },
    },
  };
  const graph = createInProcessGraph([people, moods]);
  const query =
    'query($yes: Boolean = true) { people @include(if: $yes) { id mood @include(if: false) friend { id } } }';

  it('is not fetched, so that it cannot fail', async () => {
    expect((await graph.askStock(query)).errors).toHaveLength(1);
    asked = 0;

    expect(await ours(graph, query)).toEqual({ data: { people: [{ id: '1', friend: { id: '1' } }] } });
    expect(asked).toBe(0);
  });
});

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
    expect(await ours(graph, query)).toEqual({
      data: { first: { row: 2, __typename: 'Pen', color: 'blue' } },
    });
  });
});
