import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import { getOwn, isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import type { FailedFields } from './failed-fields.ts';
import { isOfType } from './rewrites.ts';

/**
 * Why an entity cannot be represented: the error because of which it, or an object within, lacks a field that is required of it. Errors of its other
 * fields are no reason: which of them are known by now is a matter of timing.
 * @returns undefined when it is not of a type that the fetch is for, or when a subgraph left the field out without a word.
 */
export function causeOfAbsence(
  schema: GraphQLSchema,
  failures: FailedFields,
  entity: JsonObject,
  requires: readonly QueryPlanSelectionNode[],
): GraphQLError | undefined {
  if (failures.isEmpty()) return undefined;
  const causeIn = (
    value: JsonValue,
    selections: readonly QueryPlanSelectionNode[],
  ): GraphQLError | undefined => {
    if (Array.isArray(value)) return firstOf(value, (item) => causeIn(item, selections));
    if (!isJsonObject(value)) return undefined;
    return firstOf(selections, (selection) => {
      if (selection.kind === 'InlineFragment') {
        const { typeCondition } = selection;
        const applies = typeCondition === undefined || isOfType(schema, value, typeCondition) !== false;
        return applies ? causeIn(value, selection.selections) : undefined;
      }
      const key = selection.alias ?? selection.name;
      const required = getOwn(value, key);
      if (required === undefined) return failures.of(value)?.get(key);
      return causeIn(required, selection.selections ?? []);
    });
  };
  return causeIn(entity, requires);
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
