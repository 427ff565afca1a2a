import type { FetchDataRewrite } from '@apollo/query-planner';
import { isAbstractType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';
import { getOwn, isJsonObject, setOwn, type JsonObject, type JsonValue } from '../json.ts';

const fragmentPrefix = '... on ';

/**
 * Applies a fetch's rewrites in place: input rewrites to a representation before it is sent, output rewrites to what came back. The
 * planner uses them where subgraphs disagree on a name: a type that is an interface object in one of them, a field that two types
 * define differently.
 */
export function applyRewrites(
  schema: GraphQLSchema,
  rewrites: readonly FetchDataRewrite[] | undefined,
  value: JsonValue,
): void {
  for (const rewrite of rewrites ?? []) {
    const key = rewrite.path.at(-1);
    if (key === undefined) continue;
    forEachAt(schema, value, rewrite.path.slice(0, -1), (object) => {
      if (rewrite.kind === 'ValueSetter') {
        setOwn(object, key, rewrite.setValueTo as JsonValue);
        return;
      }
      const moved = getOwn(object, key);
      if (moved === undefined) return;
      setOwn(object, rewrite.renameKeyTo, moved);
      Reflect.deleteProperty(object, key);
    });
  }
}

/** Calls back for each object that a rewrite's path leads to: field names, and `... on Type` conditions. */
export function forEachAt(
  schema: GraphQLSchema,
  value: JsonValue,
  path: readonly string[],
  visit: (object: JsonObject) => void,
): void {
  if (Array.isArray(value)) {
    for (const element of value) forEachAt(schema, element, path, visit);
    return;
  }
  if (!isJsonObject(value)) return;
  const [step, ...rest] = path;
  if (step === undefined) visit(value);
  else if (!step.startsWith(fragmentPrefix)) forEachAt(schema, getOwn(value, step), rest, visit);
  else if (isOfType(schema, value, step.slice(fragmentPrefix.length)) !== false) {
    forEachAt(schema, value, rest, visit);
  }
}

/**
 * Whether an object is of a type, or of one that implements it.
 * @returns undefined when the object does not say what it is.
 */
export function isOfType(schema: GraphQLSchema, object: JsonObject, condition: string): boolean | undefined {
  const typename = getOwn(object, '__typename');
  if (typeof typename !== 'string') return undefined;
  if (typename === condition) return true;
  const type = schema.getType(typename);
  const abstract = schema.getType(condition);
  if (!isAbstractType(abstract) || !(isObjectType(type) || isInterfaceType(type))) return false;
  return schema.isSubType(abstract, type);
}
