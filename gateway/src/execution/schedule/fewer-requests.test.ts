import { createInProcessGraph } from '../../testing/in-process-graph.ts';
import type { SubgraphSource } from '../../testing/start-subgraph.ts';

const link = `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@external", "@requires", "@shareable"]
)`;

const names: Readonly<Record<string, string>> = { p1: 'Ada', p2: 'Grace' };
const notes = [
  { id: 'n1', text: 'first', writer: { id: 'p1' } },
  { id: 'n2', text: 'second', writer: { id: 'p2' } },
];

const people: SubgraphSource = {
  name: 'people',
  typeDefs: `${link}
    type Query { me: Person, everybody: [Person] }
    type Mutation { rename(id: ID!, name: String!): Person }
    type Person @key(fields: "id") { id: ID!, name: String, shout(suffix: String): String }`,
  resolvers: {
    Query: { me: () => ({ id: 'p1' }), everybody: () => [{ id: 'p1' }, { id: 'p2' }] },
    Mutation: { rename: (_: unknown, { id }: { id: string }) => ({ id }) },
    Person: {
      name: ({ id }: { id: string }) => names[id],
      shout: ({ id }: { id: string }, { suffix }: { suffix?: string }) =>
        `${names[id]!.toUpperCase()}${suffix ?? ''}`,
    },
  },
};

const notebook: SubgraphSource = {
  name: 'notebook',
  typeDefs: `${link}
    type Query { latest: [Note] }
    type Mutation { write(text: String!): Note }
    type Note @key(fields: "id") { id: ID!, text: String, writer: Person }
    type Person @key(fields: "id") { id: ID!, notes: [Note] }`,
  resolvers: {
    Query: { latest: () => notes },
    Mutation: { write: (_: unknown, { text }: { text: string }) => ({ ...notes[0], text }) },
    Person: { notes: ({ id }: { id: string }) => notes.filter(({ writer }) => writer.id === id) },
  },
};

/** Its rooms need the name of whoever lives there. */
const rooms: SubgraphSource = {
  name: 'rooms',
  typeDefs: `${link}
    type Room { door: String, owner: Person }
    type Person @key(fields: "id") { id: ID!, name: String @external, room: Room @requires(fields: "name") }`,
  resolvers: {
    Person: {
      room: ({ name }: { name: string }) => ({ door: `${name}'s`, owner: { id: 'p2' } }),
    },
  },
};

const create = () => createInProcessGraph([people, notebook, rooms]);

/** Answers by the compiled operation, and checks the answer against the interpreter's and Apollo's gateway's. */
async function ask(query: string, variables: Record<string, unknown> = {}) {
  const graph = create();
  const interpreted = await graph.interpret(query, variables);
  const planned = graph.sent.splice(0).length;
  const body = await graph.answer(query, variables);
  const sent = graph.sent.splice(0);
  expect(body).toEqual(interpreted);
  expect(body).toEqual(await graph.askStock(query, variables));
  return { sent, planned, subgraphs: sent.map(({ subgraph }) => subgraph) };
}

describe('a schedule', () => {
  it('makes one request of what a subgraph can be asked together', async () => {
    const { planned, subgraphs, sent } = await ask(
      '{ me { notes { text writer { shout } } } latest { text writer { shout } } }',
    );

    expect(planned).toBe(5);
    // The latest notes are wanted later than they could be had, and the names of all writers at once.
    expect(subgraphs).toEqual(['people', 'notebook', 'people']);
    expect(sent[2]!.variables).toEqual({
      representations: [
        { __typename: 'Person', id: 'p1' },
        { __typename: 'Person', id: 'p2' },
      ],
    });
  });

  it('gives each fetch its own entities when they are not asked for the same', async () => {
    const { subgraphs, sent } = await ask(
      'query($suffix: String) { me { notes { writer { name } } } latest { writer { shout(suffix: $suffix) } } }',
      { suffix: '!' },
    );

    expect(subgraphs).toEqual(['people', 'notebook', 'people']);
    expect(Object.keys(sent[2]!.variables)).toEqual(['suffix', 'representations0', 'representations1']);
  });

  it('asks for no entity a second time', async () => {
    const { planned, sent } = await ask('{ latest { writer { room { door owner { name } } } } }');

    expect(planned).toBe(4);
    // The owner is one of the writers, whose names were needed for their rooms.
    expect(sent.map(({ subgraph }) => subgraph)).toEqual(['notebook', 'people', 'rooms']);
  });

  it('leaves out what a condition excludes', async () => {
    const query =
      'query($yes: Boolean!) { me { notes { writer { name } } } latest @include(if: $yes) { writer { name } } }';

    expect((await ask(query, { yes: false })).subgraphs).toEqual(['people', 'notebook', 'people']);
    expect((await ask(query, { yes: true })).subgraphs).toHaveLength(4);
  });

  it('keeps a mutation’s fields in their order, one request each', async () => {
    const { sent } = await ask(
      'mutation { rename(id: "p1", name: "A") { notes { text } } write(text: "t") { writer { name } } again: rename(id: "p2", name: "B") { name } }',
    );

    const mutations = sent.filter(({ query }) => query.startsWith('mutation'));
    expect(mutations.map(({ query }) => /(again:)?(rename|write)/.exec(query)?.[0])).toEqual([
      'rename',
      'write',
      'again:rename',
    ]);
  });
});
