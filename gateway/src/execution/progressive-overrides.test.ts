import { decideOverrides, overrideCondition } from '../operation/override-labels.ts';
import { createInProcessGraph, type InProcessGraph } from '../testing/in-process-graph.ts';
import type { SubgraphSource } from '../testing/start-subgraph.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@override"])`;

/** Who answered. */
const by = (name: string) => () => name;

const before: SubgraphSource = {
  name: 'before',
  typeDefs: `${link}
    type Query { thing: Thing, stays: String }
    type Thing @key(fields: "id") { id: ID!, moved: String, moving: String, half: String }
  `,
  resolvers: {
    Query: { thing: () => ({ id: '1' }), stays: by('before') },
    Thing: { moved: by('before'), moving: by('before'), half: by('before') },
  },
};
const after: SubgraphSource = {
  name: 'after',
  typeDefs: `${link}
    type Thing @key(fields: "id") {
      id: ID!
      moved: String @override(from: "before", label: "percent(100)")
      moving: String @override(from: "before", label: "blue-green")
      half: String @override(from: "before", label: "percent(50)")
    }
  `,
  resolvers: {
    Thing: {
      __resolveReference: (key: object) => key,
      moved: by('after'),
      moving: by('after'),
      half: by('after'),
    },
  },
};

async function answers(graph: InProcessGraph, query: string): Promise<unknown[]> {
  return [(await graph.interpret(query)).data, (await graph.answer(query)).data];
}

describe('a progressive override', () => {
  it('is on when its label is', async () => {
    const query = '{ thing { moving } stays }';
    const off = createInProcessGraph([before, after]);
    const on = createInProcessGraph([before, after], { overrideLabels: ['blue-green'] });
    const told = (moving: string) => ({ thing: { moving }, stays: 'before' });

    expect(await answers(off, query)).toEqual([told('before'), told('before')]);
    expect(await answers(on, query)).toEqual([told('after'), told('after')]);
  });

  it('is on for as many requests as its percentage says', async () => {
    const graph = createInProcessGraph([before, after]);
    const who = new Set<string>();

    expect(await answers(graph, '{ thing { moved } }')).toEqual([
      { thing: { moved: 'after' } },
      { thing: { moved: 'after' } },
    ]);
    for (let request = 0; request < 60 && who.size < 2; request++) {
      for (const data of await answers(graph, '{ thing { a: half b: half } }')) {
        const { a, b } = (data as { thing: { a: string; b: string } }).thing;
        expect(a).toBe(b); // one decision a request
        who.add(a);
      }
    }
    expect(who).toEqual(new Set(['before', 'after']));
  });

  it('is decided by its own percentage alone', () => {
    const decide = (label: string, at: number): boolean | undefined =>
      decideOverrides([label], new Set(), () => at)[overrideCondition(label)];

    expect([decide('percent(25)', 0.249), decide('percent(25)', 0.25)]).toEqual([true, false]);
    expect([decide('percent(0)', 0), decide('percent(0.5)', 0.004)]).toEqual([false, true]);
    expect(decide('other', 0)).toBe(false);
  });
});
