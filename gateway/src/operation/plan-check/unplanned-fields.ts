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
import { conditionVariables } from '../../execution/compiled/condition-variables.ts';
import { intersection, type Coverage } from './coverage.ts';
import { coverageOf } from './plan-coverage.ts';
import { supergraphTypes, type PlanSchemas } from './possible-types.ts';
import { conditionCombinations, isIncluded, type ConditionValues } from '../selection-conditions.ts';

/**
 * Finds what a plan forgot: fields that the operation asks for and that no fetch brings, for some type that an object in their place can
 * have. Without this such a field would be null, without an error. Plan and operation are compared under the same values of conditions.
 * @param document the operation that was planned, and its fragments.
 * @returns paths of response keys.
 */
export function unplannedFields(schemas: PlanSchemas, document: DocumentNode, plan: QueryPlan): string[] {
  const { supergraphSchema: schema } = schemas;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const found = new Set<string>();
  const look = (
    selections: readonly SelectionNode[],
    parent: string,
    types: ReadonlySet<string>,
    coverage: Coverage,
    path: string,
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
        look(fragment.selectionSet.selections, condition, narrowed, coverage, path, values);
        continue;
      }
      const name = selection.name.value;
      if (name.startsWith('__')) continue;
      const key = selection.alias?.value ?? name;
      const here = path === '' ? key : `${path}.${key}`;
      const covered = coverage.fields.get(key);
      if (covered === undefined || [...types].some((type) => !covered.holders.has(type))) {
        found.add(here);
        continue;
      }
      const type = schema.getType(parent);
      const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
      const value = field === undefined ? undefined : getNamedType(field.type);
      if (value === undefined || !isCompositeType(value) || selection.selectionSet === undefined) continue;
      const possible = new Set([...types].flatMap((holder) => [...(covered.holders.get(holder) ?? [])]));
      const inner = intersection(supergraphTypes(schema, value.name), possible);
      look(selection.selectionSet.selections, value.name, inner, covered.within, here, values);
    }
  };
  for (const values of conditionCombinations(conditionVariables(document))) {
    const coverage = coverageOf(schemas, plan, values);
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      const root = schema.getRootType(definition.operation)?.name;
      if (root === undefined) continue;
      look(definition.selectionSet.selections, root, new Set([root]), coverage, '', values);
    }
  }
  return [...found];
}
