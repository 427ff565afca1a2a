import { askBothWays } from '../../testing/ask-both-ways.ts';
import { createInProcessGraph } from '../../testing/in-process-graph.ts';
import { librarySubgraphs } from '../../testing/library-graph.ts';

// Each case says Apollo’s answer beside the right one where they differ, so that a repair that is no longer needed is noticed.

describe('an alias that is called like a key of another field', () => {
  const graph = createInProcessGraph(librarySubgraphs);

  it('does not take the key’s place', async () => {
    const query = '{ people { id: name name: id reviews { id: body } } }';
    const [, , edsger] = ((await graph.askStock(query)).data as { people: unknown[] }).people;

    expect(edsger).toEqual({ id: 'p3', name: 'p3', reviews: [{ id: null }] });
    expect((await askBothWays(graph, query)).data).toMatchObject({
      people: [
        { id: 'Ada', name: 'p1' },
        { id: 'Grace' },
        { id: 'Edsger', name: 'p3', reviews: [{ id: null }] },
      ],
    });
  });

  it('is what errors are told at', async () => {
    const other = await askBothWays(graph, '{ reviews { by { x: fragile } } }');

    const answer = await askBothWays(graph, '{ reviews { by { id: fragile } } }');

    expect(JSON.stringify(other)).toContain('"path":["reviews",0,"by","x"]');
    expect(answer).toEqual(JSON.parse(JSON.stringify(other).replaceAll('"x"', '"id"')));
  });
});
