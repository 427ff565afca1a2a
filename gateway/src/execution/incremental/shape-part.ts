import { GraphQLError, isAbstractType, isObjectType, type GraphQLSchema } from 'graphql';
import type { Generation } from '../../supergraph/generation.ts';
import { getOwn, isJsonObject, type JsonObject, type JsonValue } from '../../json.ts';
import type { PlanRun } from '../plan-run.ts';
import { shapeObject } from '../shape-response.ts';
import type { ConcretePath } from '../target.ts';
import { selects, type Part } from './deferred-parts.ts';
import { rootedSchema } from './rooted-schema.ts';

/** A deferred fragment on one object of the response. */
export interface FoundFragment {
  readonly part: Part;
  readonly path: ConcretePath;
  /** The object's type as far as it was known when the fragment was found. */
  readonly typename: string;
}

/** What of a part is delivered for one object. */
export interface ShapedPart {
  /** Null when a null has propagated to the object; undefined when the fragment does not apply to the object's type. */
  readonly data: Record<string, unknown> | null | undefined;
  readonly errors: readonly GraphQLError[];
  /** The fragments within that come later. */
  readonly found: readonly FoundFragment[];
}

export function shapeInitial(run: PlanRun, part: Part): ShapedPart {
  const { data, fromShaping } = shapeObject(run, {
    schema: run.generation.executionSchema,
    document: part.document,
    object: run.data,
    path: [],
    told: run.errors,
  });
  const told = run.errors.filter(({ path = [] }) => !comesLater(part, path));
  return {
    data,
    errors: [...told, ...fromShaping, ...run.failures.unreported()],
    found: takeMarkers(run.generation, part, data, run.data, []),
  };
}

/**
 * Shapes a deferred fragment on every object it was found on.
 * @param around the run of the part that the fragment is in, which is the fragment's own when it needs nothing more. Its errors are told again
 * where the fragment selects what they are about.
 */
export function shapeFragments(
  run: PlanRun,
  part: Part,
  objects: readonly FoundFragment[],
  around: PlanRun,
): ShapedPart[] {
  const before = around.errors.length;
  const told = objects.map((): GraphQLError[] => []);
  const indexes = new Map(objects.map(({ path }, index) => [JSON.stringify(path), index]));
  const depth = objects[0]?.path.length ?? 0;
  run.errors.forEach((error, position) => {
    const { path = [] } = error;
    const index = indexes.get(JSON.stringify(path.slice(0, depth)));
    const within = path.slice(depth);
    // An error that is about none of the objects has to be told somewhere.
    if (index === undefined) {
      if (position >= before) told[0]?.push(error);
    } else if (position >= before ? !comesLater(part, within) : selects(part.own, within)) {
      told[index]!.push(error);
    }
  });
  const shaped = objects.map((found, index) => shapeFragment(run, part, found, told[index]!));
  const [first, ...others] = shaped;
  if (first === undefined || run === around) return shaped;
  return [{ ...first, errors: [...first.errors, ...run.failures.unreported()] }, ...others];
}

function shapeFragment(
  run: PlanRun,
  part: Part,
  { path, typename }: FoundFragment,
  told: readonly GraphQLError[],
): ShapedPart {
  const { generation } = run;
  const object = valueAt(run.data, path);
  if (!isJsonObject(object)) return { data: null, errors: [...told, goneAt(path)], found: [] };
  const type = preciseType(generation.executionSchema, object, typename);
  if (!applies(generation.executionSchema, part, type)) return { data: undefined, errors: told, found: [] };
  const { data, fromShaping } = shapeObject(run, {
    schema: rootedSchema(generation.executionSchema, type),
    document: part.document,
    object,
    path,
    told: run.errors,
  });
  return {
    data,
    errors: [...told, ...fromShaping],
    found: takeMarkers(generation, part, data, object, path),
  };
}

/** Whether what a path leads to is selected by fragments within the part alone. */
function comesLater(part: Part, path: ConcretePath): boolean {
  return !selects(part.own, path) && selects(part.whole, path);
}

/** Takes the markers out of shaped data. @returns where they were, without those whose fragment cannot apply. */
function takeMarkers(
  { executionSchema }: Generation,
  part: Part,
  data: Record<string, unknown> | null,
  source: JsonObject,
  at: ConcretePath,
): FoundFragment[] {
  const found: FoundFragment[] = [];
  for (const nested of part.nested) {
    const walk = (value: unknown, from: JsonValue, path: ConcretePath, depth: number): void => {
      if (Array.isArray(value)) {
        value.forEach((item, index) =>
          walk(item, Array.isArray(from) ? from[index] : undefined, [...path, index], depth),
        );
        return;
      }
      if (typeof value !== 'object' || value === null) return;
      const object = value as Record<string, unknown>;
      const key = nested.keys[depth];
      if (key !== undefined) {
        if (Object.hasOwn(object, key))
          walk(object[key], isJsonObject(from) ? getOwn(from, key) : undefined, [...path, key], depth + 1);
        return;
      }
      const typename = object[nested.marker];
      if (typeof typename !== 'string') return;
      Reflect.deleteProperty(object, nested.marker);
      const unsure = isJsonObject(from) && isAbstract(executionSchema, getOwn(from, '__typename'));
      if (unsure || applies(executionSchema, nested.part, typename))
        found.push({ part: nested.part, path, typename });
    };
    walk(data, source, at, 0);
  }
  return found;
}

function applies(schema: GraphQLSchema, { typeCondition }: Part, typename: string): boolean {
  if (typeCondition === undefined || typeCondition === typename) return true;
  const [condition, type] = [schema.getType(typeCondition), schema.getType(typename)];
  return isAbstractType(condition) && isObjectType(type) && schema.isSubType(condition, type);
}

/** A subgraph that has an interface as an object does not know what it is; the fetches of a fragment may have found out since. */
function preciseType(schema: GraphQLSchema, object: JsonObject, typename: string): string {
  const own = getOwn(object, '__typename');
  return typeof own === 'string' && isObjectType(schema.getType(own)) ? own : typename;
}

function isAbstract(schema: GraphQLSchema, typename: JsonValue): boolean {
  return typeof typename === 'string' && isAbstractType(schema.getType(typename));
}

function valueAt(root: JsonObject, path: ConcretePath): JsonValue {
  let value: JsonValue = root;
  for (const step of path) {
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined;
    else value = isJsonObject(value) ? getOwn(value, step) : undefined;
  }
  return value;
}

function goneAt(path: ConcretePath): GraphQLError {
  return new GraphQLError('A deferred fragment lost the object it is on.', {
    path,
    extensions: { code: 'SUBREQUEST_INVALID_DATA' },
  });
}
