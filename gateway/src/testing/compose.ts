import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import type { RunningSubgraph } from './start-subgraph.ts';

/** What composition has against some subgraphs. */
export class SubgraphsDoNotComposeError extends Error {
  override readonly name = 'SubgraphsDoNotComposeError';
}

/** Composes a supergraph of subgraphs that run. @throws SubgraphsDoNotComposeError with what composition has against them. */
export function compose(subgraphs: readonly Pick<RunningSubgraph, 'name' | 'url' | 'typeDefs'>[]): string {
  const { supergraphSdl, errors } = composeServices(
    subgraphs.map(({ name, url, typeDefs }) => ({ name, url, typeDefs: parse(typeDefs) })),
  );
  if (supergraphSdl === undefined)
    throw new SubgraphsDoNotComposeError(errors?.map(({ message }) => message).join('\n'));
  return supergraphSdl;
}
