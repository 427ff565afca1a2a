import { buildGeneration, type Generation } from '../supergraph/generation.ts';
import { compose } from './compose.ts';
import { librarySubgraphs } from './library-graph.ts';

/** The library's supergraph, for tests that need no subgraph to run. */
export function createLibraryGeneration(): Generation {
  const supergraphSdl = compose(
    librarySubgraphs.map(({ name, typeDefs }) => ({ name, typeDefs, url: `http://${name}.invalid/graphql` })),
  );
  return buildGeneration(supergraphSdl, { subgraphUrls: {} });
}
