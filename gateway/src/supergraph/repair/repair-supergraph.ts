import type { DocumentNode } from 'graphql';
import { dropUnresolvableKeys } from './drop-unresolvable-keys.ts';
import { fieldSetNames } from './field-sets.ts';
import { separateRequiredArguments, type StandIns } from './stand-in-fields.ts';

/** A supergraph as the planner gets it, with what has to be undone in its plans. */
export interface RepairedSupergraph {
  /** The document that came in, when nothing of it needs repair. */
  readonly document: DocumentNode;
  readonly standIns: StandIns;
  /** Names under which plans put data of their own beside the client's: no alias of the client's may be one of them. */
  readonly planNames: ReadonlySet<string>;
}

/**
 * Changes a supergraph so that Apollo's planner makes right plans of it. Its API stays what it was. See `docs/decisions` on planner repairs.
 * @param document a valid supergraph.
 */
export function repairSupergraph(document: DocumentNode): RepairedSupergraph {
  const separated = separateRequiredArguments(dropUnresolvableKeys(document));
  return { ...separated, planNames: fieldSetNames(separated.document).add('__typename') };
}
