import { GraphQLError } from 'graphql';
import { askBothWays } from '../../testing/ask-both-ways.ts';
import { createInProcessGraph } from '../../testing/in-process-graph.ts';
import type { SubgraphSource } from '../../testing/start-subgraph.ts';

// Each case says Apollo’s answer beside the right one where they differ, so that a repair that is no longer needed is noticed.

const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9",
  import: ["@key", "@external", "@requires"]
)`;

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
    expect(await askBothWays(graph, query, { yes: true, no: false })).toEqual({
      data: { books: [{ title: 'T' }] },
    });
  });

  it.each([
    [true, true, { title: 'T', price: 30 }],
    [false, true, { title: 'T', cost: 30, price: 30 }],
    [false, false, { title: 'T', cost: 30 }],
  ])('counts for the field itself, with $yes %s and $no %s', async (yes, no, book) => {
    expect(await askBothWays(graph, query, { yes, no })).toEqual({ data: { books: [book] } });
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

    expect(await askBothWays(graph, query)).toEqual({ data: { people: [{ id: '1', friend: { id: '1' } }] } });
    expect(asked).toBe(0);
  });
});
