import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { getOwn, isJsonObject, mergeInto, setOwn, type JsonObject, type JsonValue } from '../json.ts';
import { isOfType } from './rewrites.ts';

/**
 * What identifies an entity to a subgraph, with the fields that it requires (Federation's `_Any`).
 * @returns undefined when the entity lacks something of it, so the subgraph cannot be asked.
 */
export function representationOf(
  schema: GraphQLSchema,
  entity: JsonObject,
  requires: readonly QueryPlanSelectionNode[],
): JsonObject | undefined {
  const representation = select(schema, entity, requires);
  return representation !== undefined && typeof representation['__typename'] === 'string'
    ? representation
    : undefined;
}

function select(
  schema: GraphQLSchema,
  source: JsonObject,
  selections: readonly QueryPlanSelectionNode[],
): JsonObject | undefined {
  const result: JsonObject = {};
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const key = selection.alias ?? selection.name;
      const value = selectValue(schema, getOwn(source, key), selection.selections);
      if (value === undefined) return undefined;
      setOwn(result, key, value);
    } else if (
      selection.typeCondition === undefined ||
      isOfType(schema, source, selection.typeCondition) === true
    ) {
      const part = select(schema, source, selection.selections);
      if (part !== undefined) mergeInto(result, part);
    }
  }
  return result;
}

function selectValue(
  schema: GraphQLSchema,
  value: JsonValue,
  selections: readonly QueryPlanSelectionNode[] | undefined,
): JsonValue {
  if (selections === undefined || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => selectValue(schema, item, selections));
    return items.includes(undefined) ? undefined : items;
  }
  return isJsonObject(value) ? select(schema, value, selections) : undefined;
}
