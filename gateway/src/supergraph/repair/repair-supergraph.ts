import type { DocumentNode } from 'graphql';
import type { PlanNames } from '../../operation/client-keys.ts';
import { dropUnresolvableKeys } from './drop-unresolvable-keys.ts';
import { fieldSetNames, interfaceObjectFields, overrideLabelsOf } from './field-sets.ts';
import { separateRequiredArguments, type StandIns } from './stand-in-fields.ts';

/** What has to be known of a repaired supergraph when operations are planned with it. */
export interface PlannerRepairs {
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
export function repairSupergraph(document: DocumentNode): {
  /** The document that came in, when nothing of it needs repair. */
  readonly document: DocumentNode;
  readonly repairs: PlannerRepairs;
} {
  const { document: repaired, standIns } = separateRequiredArguments(dropUnresolvableKeys(document));
  const planNames = {
    own: fieldSetNames(repaired).add('__typename'),
    ofInterfaceObjects: interfaceObjectFields(repaired),
  };
  return {
    document: repaired,
    repairs: { standIns, planNames, overrideLabels: overrideLabelsOf(repaired) },
  };
}
