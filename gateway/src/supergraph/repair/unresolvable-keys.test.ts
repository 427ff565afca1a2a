import { askBothWays } from '../../testing/ask-both-ways.ts';
import { createInProcessGraph } from '../../testing/in-process-graph.ts';
import type { SubgraphSource } from '../../testing/start-subgraph.ts';

// Each case says Apollo’s answer beside the right one where they differ, so that a repair that is no longer needed is noticed.

const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@external", "@requires", "@shareable", "@context", "@fromContext"]
)`;

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
    expect(await askBothWays(graph, query)).toEqual({ data: right });
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

    expect(await askBothWays(graph, '{ home { cities { rent } } }')).toEqual({
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
    expect(await askBothWays(graph, '{ first { title size } }')).toEqual({
      data: { first: { title: 'T', size: 3 } },
    });
  });
});
