import { EventEmitter, on } from 'node:events';
import { GraphQLError, GraphQLScalarType } from 'graphql';
import type { SubgraphSource } from './start-subgraph.ts';

const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@external", "@requires", "@provides", "@shareable", "@interfaceObject", "@inaccessible", "@override"]
)`;

const people = [
  { id: 'p1', name: 'Ada', nickname: null, managerId: null },
  { id: 'p2', name: 'Grace', nickname: 'Amazing', managerId: 'p1' },
  { id: 'p3', name: 'Edsger', nickname: 'EWD', managerId: 'p2' },
];

/** `people`: a plain entity that the others extend; fields that fail on purpose. */
export const peopleSubgraph: SubgraphSource = {
  name: 'people',
  typeDefs: `${link}
    type Query {
      person(id: ID!): Person
      people: [Person!]!
      me: Person!
      unreliable: String
      version: String! @shareable
    }
    type Mutation { rename(id: ID!, name: String!): Person, failToRename: Person }
    type Person @key(fields: "id") {
      id: ID!
      name: String! @shareable
      nickname: String
      manager: Person
      fragile: String!
      moody: String
    }
  `,
  resolvers: {
    Query: {
      person: (_: unknown, { id }: { id: string }) => people.find((person) => person.id === id),
      people: () => people,
      me: () => people[1],
      version: () => '1',
      unreliable: () => {
        throw new GraphQLError('out of order', { extensions: { code: 'OUT_OF_ORDER', hint: 'later' } });
      },
    },
    Mutation: {
      rename: (_: unknown, { id, name }: { id: string; name: string }) => ({
        ...people.find((person) => person.id === id),
        name,
      }),
      failToRename: () => {
        throw new GraphQLError('not today', { extensions: { code: 'NOT_TODAY' } });
      },
    },
    Person: {
      __resolveReference: ({ id }: { id: string }) => people.find((person) => person.id === id),
      manager: ({ managerId }: { managerId: string | null }) =>
        people.find((person) => person.id === managerId) ?? null,
      fragile: ({ id }: { id: string }) => {
        if (id === 'p2') throw new GraphQLError('broke', { extensions: { code: 'BROKEN' } });
        return 'whole';
      },
      moody: ({ id }: { id: string }) => {
        if (id === 'p2') throw new GraphQLError('no', { extensions: { code: 'MOODY' } });
        return 'fine';
      },
    },
  },
};

const media = [
  {
    __typename: 'Book',
    id: 'm1',
    title: 'Notes',
    authorId: 'p1',
    genre: 'SCIENCE',
    isbn: '978-1',
    pages: 66,
    weight: 300,
    size: { width: 10, height: 20 },
    details: { edition: 1, tags: ['old', null] },
  },
  {
    __typename: 'Book',
    id: 'm2',
    title: 'Compilers',
    authorId: 'p2',
    genre: 'SCIENCE',
    isbn: '978-2',
    pages: 400,
    weight: null,
    size: null,
    details: null,
  },
  { __typename: 'Film', id: 'm3', title: 'Shortest Path', authorId: 'p3', genre: 'DRAMA', minutes: 90 },
];

/** `media`: interfaces, unions, enums, custom scalars, lists of lists, `@provides`. */
export const mediaSubgraph: SubgraphSource = {
  name: 'media',
  typeDefs: `${link}
    scalar JSON
    enum Genre { SCIENCE DRAMA }
    type Query {
      media(genre: Genre): [Medium!]!
      medium(id: ID!): Medium
      book(id: ID!): Book
      search(text: String!): [SearchResult]!
      shelves: [[Book!]]
      suggested: Book @provides(fields: "author { name }")
      version: String! @shareable
      matrix: [[Int]]
      echo(input: EchoInput!): JSON
    }
    input EchoInput { text: String = "none", numbers: [Int!], nested: EchoInput, genre: Genre }
    type Mutation { addBook(title: String!): Book, removeAll: Boolean }
    interface Medium @key(fields: "id") { id: ID!, title: String!, author: Person, genre: Genre }
    type Book implements Medium @key(fields: "id") {
      id: ID!
      title: String!
      author: Person
      genre: Genre
      isbn: String!
      pages: Int
      weight: Int
      size: Size
      details: JSON
      hidden: String @inaccessible
    }
    type Size @shareable { width: Int, height: Int }
    type Film implements Medium @key(fields: "id") { id: ID!, title: String!, author: Person, genre: Genre, minutes: Int }
    union SearchResult = Book | Film | Person
    type Person @key(fields: "id") { id: ID!, name: String! @external }
  `,
  resolvers: {
    JSON: new GraphQLScalarType({ name: 'JSON' }),
    Query: {
      media: (_: unknown, { genre }: { genre?: string }) =>
        media.filter((medium) => genre == null || medium.genre === genre),
      medium: (_: unknown, { id }: { id: string }) => media.find((medium) => medium.id === id),
      book: (_: unknown, { id }: { id: string }) => media.find((medium) => medium.id === id),
      search: () => [media[0], null, media[2], { __typename: 'Person', id: 'p2' }],
      shelves: () => [[media[0], media[1]], null, [], [media[0]]],
      suggested: () => media[1],
      version: () => '1',
      matrix: () => [[1, null, 3], null, []],
      echo: (_: unknown, { input }: { input: unknown }) => input,
    },
    Mutation: {
      addBook: (_: unknown, { title }: { title: string }) => ({ ...media[0], id: 'm1', title }),
      removeAll: () => {
        throw new GraphQLError('never', { extensions: { code: 'FORBIDDEN' } });
      },
    },
    Medium: {
      __resolveReference: ({ id }: { id: string }) => media.find((medium) => medium.id === id),
      __resolveType: ({ __typename }: { __typename: string }) => __typename,
    },
    Book: {
      __resolveReference: ({ id }: { id: string }) => media.find((medium) => medium.id === id),
      author: ({ authorId }: { authorId: string }) => ({
        id: authorId,
        name: people.find(({ id }) => id === authorId)?.name,
      }),
    },
    Film: {
      __resolveReference: ({ id }: { id: string }) => media.find((medium) => medium.id === id),
      author: ({ authorId }: { authorId: string }) => ({ id: authorId }),
    },
    SearchResult: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
  },
};

const reviews = [
  { id: 'r1', body: 'Fine', stars: 4, mediumId: 'm1', byId: 'p2' },
  { id: 'r2', body: null, stars: 5, mediumId: 'm1', byId: 'p3' },
  { id: 'r3', body: 'Long', stars: 2, mediumId: 'm3', byId: 'p2' },
];

/** Feeds `Subscription.reviewAdded`: emit `review` with an element of the test's choice. */
export const reviewFeed = new EventEmitter().setMaxListeners(0);

/** `reviews`: an interface object, a subscription, entities that other subgraphs do not know. */
const reviewsSubgraph: SubgraphSource = {
  name: 'reviews',
  typeDefs: `${link}
    type Query { reviews: [Review!]!, topMedia: [Medium!]! }
    type Mutation { review(mediumId: ID!, body: String!): ReviewPayload! }
    type ReviewPayload { review: Review, problem: String }
    type Subscription { reviewAdded(minStars: Int = 0): Review!, brokenFeed: Review }
    type Review @key(fields: "id") { id: ID!, body: String, stars: Int!, about: Medium, by: Person }
    type Medium @key(fields: "id") @interfaceObject { id: ID!, reviews: [Review!]!, rating: Float }
    type Person @key(fields: "id") { id: ID!, reviews: [Review!]!, lost: Review }
  `,
  resolvers: {
    Query: { reviews: () => reviews, topMedia: () => [{ id: 'm3' }, { id: 'm1' }] },
    Mutation: {
      review: (_: unknown, { mediumId, body }: { mediumId: string; body: string }) => ({
        review: { id: 'r9', body, stars: 3, mediumId, byId: 'p1' },
        problem: null,
      }),
    },
    Subscription: {
      reviewAdded: {
        async *subscribe(_: unknown, { minStars }: { minStars: number }) {
          for await (const [review] of on(reviewFeed, 'review') as AsyncIterable<[{ stars: number }]>) {
            if (review.stars >= minStars) yield { reviewAdded: review };
          }
        },
      },
      brokenFeed: {
        subscribe: () => {
          throw new GraphQLError('no feed', { extensions: { code: 'NO_FEED' } });
        },
      },
    },
    Review: {
      __resolveReference: ({ id }: { id: string }) => reviews.find((review) => review.id === id),
      about: ({ mediumId }: { mediumId: string }) => ({ id: mediumId }),
      by: ({ byId }: { byId: string }) => ({ id: byId }),
    },
    Medium: {
      reviews: ({ id }: { id: string }) => reviews.filter(({ mediumId }) => mediumId === id),
      rating: ({ id }: { id: string }) => (id === 'm1' ? 4.5 : null),
    },
    Person: {
      reviews: ({ id }: { id: string }) => reviews.filter(({ byId }) => byId === id),
      lost: () => {
        throw new GraphQLError('lost', { extensions: { code: 'LOST' } });
      },
    },
  },
};

/** `shipping`: `@requires`, of plain and of nested fields. */
const shippingSubgraph: SubgraphSource = {
  name: 'shipping',
  typeDefs: `${link}
    type Query { depots: [String!]! }
    type Book @key(fields: "id") {
      id: ID!
      weight: Int @external
      size: Size @external
      cost(express: Boolean = false): Int @requires(fields: "weight size { width height }")
      heavy: Boolean! @requires(fields: "weight")
    }
    type Size @shareable { width: Int, height: Int }
  `,
  resolvers: {
    Query: { depots: () => ['north'] },
    Book: {
      cost: (
        book: { weight: number | null; size: { width: number } | null },
        { express }: { express: boolean },
      ) => (book.weight === null ? null : book.weight + (book.size?.width ?? 0) + (express ? 1_000 : 0)),
      heavy: ({ weight }: { weight: number | null }) => {
        if (weight === null) throw new GraphQLError('not weighed', { extensions: { code: 'NOT_WEIGHED' } });
        return weight > 1_000;
      },
    },
  },
};

/** Every subgraph of the library. */
export const librarySubgraphs = [peopleSubgraph, mediaSubgraph, reviewsSubgraph, shippingSubgraph] as const;

/** Any of the library's reviews, as the feed takes it. */
export function aReview(overrides: Partial<(typeof reviews)[number]> = {}): (typeof reviews)[number] {
  return { id: 'r7', body: 'New', stars: 5, mediumId: 'm1', byId: 'p2', ...overrides };
}
