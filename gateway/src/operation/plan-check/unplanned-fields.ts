import type { QueryPlan } from '@apollo/query-planner';
import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionNode,
} from 'graphql';
import { conditionVariables } from '../condition-variables.ts';
import { intersection, type Coverage } from './coverage.ts';
import { coverageOf } from './plan-coverage.ts';
import { supergraphTypes, type PlanSchemas } from './possible-types.ts';
import { conditionCombinations, isIncluded, type ConditionValues } from '../selection-conditions.ts';

/** A field that the operation asks for and that no fetch brings to objects of some types. */
export interface UnplannedField {
  /** The response keys from the root to the objects. */
  readonly place: readonly string[];
  /** The field's response key. */
  readonly key: string;
  /** The object types for which it is not fetched. */
  readonly types: readonly string[];
}

/**
 * Finds what a plan forgot: fields that the operation asks for and that no fetch brings, for some type that an object in their place can
 * have. Without this such a field would be null, without an error. Plan and operation are compared under the same values of conditions.
 * @param document the operation that was planned, and its fragments.
 * @param sharedAlike see `Reading`.
 */
export function unplannedFields(
  schemas: PlanSchemas,
  document: DocumentNode,
  plan: QueryPlan,
  sharedAlike: boolean,
): readonly UnplannedField[] {
  const { supergraphSchema: schema } = schemas;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const found = new Map<string, UnplannedField>();
  const look = (
    selections: readonly SelectionNode[],
    parent: string,
    types: ReadonlySet<string>,
    coverage: Coverage,
    place: readonly string[],
    values: ConditionValues,
  ): void => {
    if (types.size === 0) return;
    for (const selection of selections) {
      if (!isIncluded(selection, values)) continue;
      if (selection.kind !== Kind.FIELD) {
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        if (fragment === undefined) continue;
        const condition = fragment.typeCondition?.name.value ?? parent;
        const narrowed = intersection(types, supergraphTypes(schema, condition));
        look(fragment.selectionSet.selections, condition, narrowed, coverage, place, values);
        continue;
      }
      const name = selection.name.value;
      if (name.startsWith('__')) continue;
      const key = selection.alias?.value ?? name;
      const covered = coverage.fields.get(key);
      const missing = [...types].filter((holder) => covered?.holders.has(holder) !== true);
      if (covered === undefined || missing.length > 0) {
        const unplanned = { place, key, types: missing };
        found.set(JSON.stringify(unplanned), unplanned);
        if (covered === undefined || sharedAlike) continue;
      }
      const type = schema.getType(parent);
      const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
      const value = field === undefined ? undefined : getNamedType(field.type);
      if (value === undefined || !isCompositeType(value) || selection.selectionSet === undefined) continue;
      const possible = new Set([...types].flatMap((holder) => [...(covered.holders.get(holder) ?? [])]));
      const inner = intersection(supergraphTypes(schema, value.name), possible);
      look(selection.selectionSet.selections, value.name, inner, covered.within, [...place, key], values);
    }
  };
  for (const values of conditionCombinations(conditionVariables(document))) {
    const coverage = coverageOf({ ...schemas, values, sharedAlike }, plan);
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      const root = schema.getRootType(definition.operation)?.name;
      if (root === undefined) continue;
      look(definition.selectionSet.selections, root, new Set([root]), coverage, [], values);
    }
  }
  return [...found.values()];
}
