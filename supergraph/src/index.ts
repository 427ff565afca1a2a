export {
  composeSupergraph,
  type Composition,
  type CompositionProblem,
  type SubgraphSource,
} from './compose-supergraph.ts';
export { generatedFiles, replaceFile, repositoryRoot } from './generated-files.ts';
export { readSubgraphs } from './read-subgraphs.ts';
export { subgraphs, type Subgraph } from './subgraphs.ts';
