import { createInProcessGraph } from '../../testing/in-process-graph.ts';
import type { SubgraphSource } from '../../testing/start-subgraph.ts';

const items = 5;
const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])`;
const numbers = Array.from({ length: items }, (_, index) => String(index));

/** Items that have a maker in another subgraph, whose name is in a third. */
const subgraphs: readonly SubgraphSource[] = [
  {
    name: 'items',
    typeDefs: `${link} type Query { items: [Item!]! } type Item @key(fields: "id") { id: ID! }`,
    resolvers: { Query: { items: () => numbers.map((id) => ({ id })) } },
  },
  {
    name: 'makers',
    typeDefs: `${link}
      type Item @key(fields: "id") { id: ID!, maker: Maker }
      type Maker @key(fields: "id") { id: ID!, rank: Int }`,
    resolvers: { Item: { maker: ({ id }: { id: string }) => ({ id: `m${id}`, rank: Number(id) }) } },
  },
  {
    name: 'names',
    typeDefs: `${link} type Maker @key(fields: "id") { id: ID!, name: String }`,
    resolvers: { Maker: { name: ({ id }: { id: string }) => `maker ${id}` } },
  },
];

describe('an operation in parts', () => {
  it('fetches a deferred fragment within another once, for all the objects of the outer one', async () => {
    const graph = createInProcessGraph(subgraphs);

    const answer = await graph.executeInParts(
      '{ items { id ... @defer { maker { rank ... @defer { name } } } } }',
    );

    if (answer.kind !== 'parts') throw new Error('nothing was deferred');
    const delivered: unknown[] = [];
    for await (const { fragments } of answer.later)
      delivered.push(...fragments.map(({ fragment: { path }, data }) => ({ path, data })));
    expect(delivered).toEqual([
      ...numbers.map((id, index) => ({ path: ['items', index], data: { maker: { rank: Number(id) } } })),
      ...numbers.map((id, index) => ({ path: ['items', index, 'maker'], data: { name: `maker m${id}` } })),
    ]);
    expect(
      graph.sent.map(({ subgraph, variables: { representations = [] } }) => [
        subgraph,
        (representations as unknown[]).length,
      ]),
    ).toEqual([
      ['items', 0],
      ['makers', items],
      ['names', items],
    ]);
  });

  it('announces with each fragment those within it', async () => {
    const graph = createInProcessGraph(subgraphs);

    const answer = await graph.executeInParts(
      '{ items { ... @defer { id maker { ... @defer(label: "a") { rank } ... @defer(label: "b") { name } } } } }',
    );

    if (answer.kind !== 'parts') throw new Error('nothing was deferred');
    const announced: unknown[] = [];
    for await (const { fragments } of answer.later)
      for (const { fragment, pending } of fragments)
        if (pending.length > 0)
          announced.push([fragment.path, pending.map(({ path, label }) => [path, label])]);
    expect(announced).toEqual(
      numbers.map((_, index) => [
        ['items', index],
        [
          [['items', index, 'maker'], 'a'],
          [['items', index, 'maker'], 'b'],
        ],
      ]),
    );
  });
});
