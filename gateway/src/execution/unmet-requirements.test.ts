import { buildGeneration } from '../supergraph/generation.ts';
import { answerBothWays, type AnswerRequest } from '../testing/answer-both-ways.ts';
import { compose } from '../testing/compose.ts';

// What an entity fetch cannot be made for, or is answered nonsense for, is null; and each such null has an error that says why, the same one whether fetches
// are merged or not.

const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"]
)`;

const subgraphs = {
  books: `${link}
    type Query { books: [Book] }
    type Book @key(fields: "id") { id: ID!, owner: Person }
    type Person @key(fields: "id") { id: ID! }`,
  people: `${link} type Person @key(fields: "id") { id: ID!, name: String }`,
  scales: `${link} type Book @key(fields: "id") { id: ID!, weight: Int }`,
  shop: `${link}
    type Book @key(fields: "id") {
      id: ID!
      price: Int
      weight: Int @external
      owner: Person @external
      postage: Int @requires(fields: "weight")
      label: String @requires(fields: "owner { name }")
    }
    type Person @key(fields: "id") { id: ID!, name: String @external }`,
};

const generation = buildGeneration(
  compose(
    Object.entries(subgraphs).map(([name, typeDefs]) => ({ name, typeDefs, url: `http://${name}.invalid` })),
  ),
  { subgraphUrls: {} },
);

const books = [
  { __typename: 'Book', id: 'b1', owner: { __typename: 'Person', id: 'p1' } },
  { __typename: 'Book', id: 'b2', owner: { __typename: 'Person', id: 'p2' } },
];

/** The nulls of an answer with what is said of them: place, code and service. */
async function ask(query: string, answers: Record<string, object | undefined>) {
  const answer: AnswerRequest = (subgraph) => ({ books: { data: { books } }, ...answers })[subgraph];
  const { interpreted, compiled } = await answerBothWays(generation, query, {}, answer);
  expect(compiled.text).toBe(interpreted.text);
  const told = (compiled.body.errors ?? []).map(({ path, extensions }) => [
    path?.join('.'),
    extensions?.['code'],
    extensions?.['service'],
  ]);
  return { data: compiled.body.data?.['books'], told: told.sort() };
}

describe('a field that requires what could not be fetched', () => {
  it('has the error of what it requires', async () => {
    const { data, told } = await ask('{ books { postage } }', { scales: undefined });

    expect(data).toEqual([{ postage: null }, { postage: null }]);
    expect(told).toEqual([
      ['books.0.postage', 'SUBREQUEST_HTTP_ERROR', 'scales'],
      ['books.1.postage', 'SUBREQUEST_HTTP_ERROR', 'scales'],
    ]);
  });

  it('has it too when what it requires belongs to another entity', async () => {
    const { data, told } = await ask('{ books { label } }', { people: undefined });

    expect(data).toEqual([{ label: null }, { label: null }]);
    expect(told).toEqual([
      ['books.0.label', 'SUBREQUEST_HTTP_ERROR', 'people'],
      ['books.1.label', 'SUBREQUEST_HTTP_ERROR', 'people'],
    ]);
  });

  it('is not blamed on a failure of another field', async () => {
    const { told } = await ask('{ books { price postage } }', {
      shop: undefined,
      scales: { data: { _entities: [5, { weight: 3 }] } },
    });

    expect(told).toEqual([
      ['books.0.postage', 'SUBREQUEST_MALFORMED_RESPONSE', 'scales'],
      ['books.0.price', 'SUBREQUEST_HTTP_ERROR', 'shop'],
      ['books.1.postage', 'SUBREQUEST_HTTP_ERROR', 'shop'],
      ['books.1.price', 'SUBREQUEST_HTTP_ERROR', 'shop'],
    ]);
  });
});

describe('an entity', () => {
  it('stays what it is for all who are asked about it, whatever type one of them says', async () => {
    const { data, told } = await ask('{ books { __typename postage } }', {
      scales: { data: { _entities: books.map(() => ({ __typename: 'Nothing', weight: 3 })) } },
      shop: { data: { _entities: books.map(() => ({ postage: 5 })) } },
    });

    const book = { __typename: 'Book', postage: 5 };
    expect(data).toEqual([book, book]);
    expect(told).toEqual([]);
  });
});

describe('entities that are absent', () => {
  it.each([
    ['something that is no object', [5, { weight: 3 }]],
    ['a list', [[], { weight: 3 }]],
  ])('are an error where one of them is %s', async (_what, entities) => {
    const { data, told } = await ask('{ books { weight } }', { scales: { data: { _entities: entities } } });

    expect(data).toEqual([{ weight: null }, { weight: 3 }]);
    expect(told).toEqual([['books.0.weight', 'SUBREQUEST_MALFORMED_RESPONSE', 'scales']]);
  });

  it('are no error where the subgraph does not know one of them', async () => {
    const { data, told } = await ask('{ books { weight } }', {
      scales: { data: { _entities: [null, { weight: 3 }] } },
    });

    expect(data).toEqual([{ weight: null }, { weight: 3 }]);
    expect(told).toEqual([]);
  });

  it('are all blamed on an error at one of them, when it took the others with it', async () => {
    const { data, told } = await ask('{ books { weight } }', {
      scales: {
        data: null,
        errors: [{ message: 'no', path: ['_entities', 0, 'weight'], extensions: { code: 'NO' } }],
      },
    });

    expect(data).toEqual([{ weight: null }, { weight: null }]);
    expect(told).toEqual([
      ['books.0.weight', 'NO', 'scales'],
      ['books.1.weight', 'NO', 'scales'],
    ]);
  });

  it('are an error beside one at another of them, when there are too few', async () => {
    const { told } = await ask('{ books { weight } }', {
      scales: {
        data: { _entities: [null] },
        errors: [{ message: 'no', path: ['_entities', 0, 'weight'], extensions: { code: 'NO' } }],
      },
    });

    expect(told).toEqual([
      ['books.0.weight', 'NO', 'scales'],
      ['books.1.weight', 'SUBREQUEST_MALFORMED_RESPONSE', 'scales'],
    ]);
  });
});
