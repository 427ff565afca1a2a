import type { FetchDataKeyRenamer } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { getOwn, type JsonObject, type JsonValue } from '../json.ts';
import { forEachAt } from './rewrites.ts';
import { objectsAlong, type Target } from './target.ts';

/**
 * Values of the arguments that `@fromContext` fills for one entity: each rewrite climbs from the entity (`..` is one object up) and
 * names the field of an ancestor that holds the value.
 */
export function contextArguments(
  schema: GraphQLSchema,
  root: JsonObject,
  target: Target,
  rewrites: readonly FetchDataKeyRenamer[],
): Record<string, JsonValue> {
  const values: Record<string, JsonValue> = {};
  const objects = objectsAlong(root, target.path);
  for (const { path, renameKeyTo } of rewrites) {
    const climbed = path.findIndex((step) => step !== '..');
    const ancestor = objects[objects.length - 1 - climbed];
    const key = path.at(-1);
    if (climbed === -1 || ancestor === undefined || key === undefined) continue;
    forEachAt(schema, ancestor, path.slice(climbed, -1), (object) => {
      const value = getOwn(object, key);
      // One rewrite comes for each type that the ancestor may have; those that do not apply find nothing.
      if (value !== undefined) values[renameKeyTo] = value;
    });
  }
  return values;
}
