import type { DocumentNode } from 'graphql';
import { dropUnresolvableKeys } from './drop-unresolvable-keys.ts';
import type { PlanNames } from '../../operation/client-keys.ts';
import { fieldSetNames, interfaceObjectFields, overrideLabelsOf } from './field-sets.ts';
import { separateRequiredArguments, type StandIns } from './stand-in-fields.ts';

/** A supergraph as the planner gets it, with what has to be undone in its plans. */
export interface RepairedSupergraph {
  /** The document that came in, when nothing of it needs repair. */
  readonly document: DocumentNode;
  readonly standIns: StandIns;
  /** The labels of progressive overrides, each with the names of the fields that it moves. */
  readonly overrideLabels: ReadonlyMap<string, ReadonlySet<string>>;
  /** What no alias of the client's may be in an operation that is planned. */
  readonly planNames: PlanNames;
}

/**
 * Changes a supergraph so that Apollo's planner makes right plans of it. Its API stays what it was. See `docs/decisions/0013-planner-repairs.md`.
 * @param document a valid supergraph.
 */
export function repairSupergraph(document: DocumentNode): RepairedSupergraph {
  const separated = separateRequiredArguments(dropUnresolvableKeys(document));
  const planNames = {
    own: fieldSetNames(separated.document).add('__typename'),
    ofInterfaceObjects: interfaceObjectFields(separated.document),
  };
  return { ...separated, planNames, overrideLabels: overrideLabelsOf(separated.document) };
}
