import { createLogger } from '@trellis/lifecycle';
import { compose } from '../testing/compose.ts';
import { librarySubgraphs, peopleSubgraph } from '../testing/library-graph.ts';
import { createSupergraphStore } from './supergraph-store.ts';

const sdlOf = (subgraphs: readonly (typeof librarySubgraphs)[number][]): string =>
  compose(subgraphs.map(({ name, typeDefs }) => ({ name, typeDefs, url: `http://${name}.invalid/graphql` })));

describe('the store of supergraphs', () => {
  const first = sdlOf(librarySubgraphs);
  const second = sdlOf([peopleSubgraph]);
  const create = () => createSupergraphStore(first, { subgraphUrls: {} }, createLogger('gateway', 'silent'));

  it('changes for another supergraph and not for the same', () => {
    const store = create();

    expect([first, second, second, first].map((sdl) => store.replace(sdl))).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('refuses what cannot be served once, and again when there was another in between', () => {
    const store = create();
    const refused = 'type Query { x: Int }';

    expect(() => store.replace(refused)).toThrow('the supergraph cannot be served');
    expect(store.replace(refused)).toBe(false);
    expect(store.current().supergraphSdl).toBe(first);
    expect(store.replace(first)).toBe(false);
    expect(() => store.replace(refused)).toThrow('the supergraph cannot be served');
  });
});
