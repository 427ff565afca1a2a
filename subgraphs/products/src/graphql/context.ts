import type { RequestContext } from '@trellis/subgraph-server';
import type { CatalogueReader } from '../application/catalogue-reader.ts';
import type { ChangeContext } from '../application/unit-of-work.ts';
import type { Loaders } from './loaders.ts';

/** What every resolver gets. */
export interface GraphQLContext extends RequestContext {
  readonly reader: CatalogueReader;
  readonly changes: ChangeContext;
  readonly loaders: Loaders;
}
