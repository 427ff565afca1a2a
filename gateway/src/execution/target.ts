import type { ResponsePath } from '@apollo/query-planner';
import { getOwn, isJsonObject, type JsonObject, type JsonValue } from '../json.ts';

/** Where in the response something stands: response keys and list indexes. */
export type ConcretePath = readonly (string | number)[];

/** An object of the response that a plan node works on. */
export interface Target {
  readonly object: JsonObject;
  readonly path: ConcretePath;
}

/**
 * Follows a Flatten node's path from each target: a name steps into a field, `@` into each element of a list. Where data is null,
 * absent, or of another shape the walk ends there.
 */
export function targetsAt(targets: readonly Target[], path: ResponsePath): Target[] {
  const found: Target[] = [];
  for (const { object, path: start } of targets) walk(object, start, path, 0, found);
  return found;
}

function walk(value: JsonValue, at: ConcretePath, path: ResponsePath, depth: number, found: Target[]): void {
  const step = path[depth];
  if (step === undefined) {
    if (isJsonObject(value)) found.push({ object: value, path: at });
  } else if (step === '@') {
    if (!Array.isArray(value)) return;
    value.forEach((element, index) => walk(element, [...at, index], path, depth + 1, found));
  } else if (isJsonObject(value)) {
    walk(getOwn(value, String(step)), [...at, step], path, depth + 1, found);
  }
}

/** The objects from the root down to a path's end, the root first, lists left out: what `..` climbs. */
export function objectsAlong(root: JsonObject, path: ConcretePath): JsonObject[] {
  const objects = [root];
  let value: JsonValue = root;
  for (const step of path) {
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined;
    else value = isJsonObject(value) ? getOwn(value, step) : undefined;
    if (isJsonObject(value)) objects.push(value);
  }
  return objects;
}
