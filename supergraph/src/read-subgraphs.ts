import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SubgraphSource } from './compose-supergraph.ts';
import type { Subgraph } from './subgraphs.ts';

/**
 * Reads the schema of each subgraph from the working tree.
 * @param root the root of the repository.
 * @throws when a schema cannot be read.
 */
export function readSubgraphs(root: string, list: readonly Subgraph[]): SubgraphSource[] {
  return list.map(({ name, url, schema }) => ({
    name,
    url,
    sdl: readFileSync(join(root, schema), 'utf8'),
    origin: schema,
  }));
}
