import {
  execute,
  GraphQLError,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  type GraphQLTypeResolver,
} from 'graphql';
import type { PlannedOperation } from '../operation/planned-operation.ts';
import { getOwn, isJsonObject, type JsonObject } from '../json.ts';
import { boundInvalidData } from './bound-invalid-data.ts';
import { blameAssumedTypes } from './blame-assumed-types.ts';
import { dependsOnType } from './depends-on-type.ts';
import type { PlanRun } from './plan-run.ts';
import { serviceOfField } from './service-of-field.ts';
import type { ConcretePath } from './target.ts';
import { unspecificTypeName } from '../supergraph/unspecific-types.ts';

/**
 * Makes the client's response from the merged data. graphql-js executes the operation on the API schema with resolvers that read by
 * response key, so that key order, introspection, `@skip`, coercion of scalars and null propagation (GraphQL specification,
 * section 6.4.4) are those of the reference implementation.
 */
export function shapeResponse(run: PlanRun, planned: PlannedOperation): ExecutionResult {
  blameAssumedTypes(run, planned.assumed);
  const { data, fromShaping } = shapeObject(run, {
    schema: run.generation.executionSchema,
    document: planned.document,
    object: run.data,
    path: [],
    told: run.errors,
  });
  const errors = [...run.errors, ...fromShaping, ...run.failures.unreported()];
  return errors.length > 0 ? { errors, data } : { data };
}

/** An object of the merged data, and what the client selects of it. */
export interface Shaping {
  /** Its query type is the object's. */
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly object: JsonObject;
  /** Where in the response the object stands. */
  readonly path: ConcretePath;
  /** Errors whose place in the response is known and that are told, so that a null because of one of them is no error of its own. */
  readonly told: readonly GraphQLError[];
}

/** @returns the data, null when a null has propagated to the object itself, and the errors that shaping has found. */
export function shapeObject(
  run: PlanRun,
  { schema, document, object, path, told }: Shaping,
): { data: Record<string, unknown> | null; fromShaping: GraphQLError[] } {
  const result = withShortStacks(() =>
    execute({
      schema,
      document,
      rootValue: object,
      contextValue: run,
      variableValues: run.variables,
      fieldResolver: readByResponseKey,
      typeResolver: readTypename,
    }),
  );
  // No resolver here returns a promise, so neither does execute.
  const shaped = result as ExecutionResult;
  const toldAlready = new Set(told);
  const fromShaping = (shaped.errors ?? []).flatMap((found) => {
    if (toldAlready.has(found)) return [];
    const error = path.length === 0 ? found : within(path, found);
    if (error.extensions['code'] !== undefined) return [error]; // of failed fields
    return told.some((other) => explains(other.path ?? [], error.path ?? []))
      ? []
      : [invalidData(run, error)];
  });
  return { data: shaped.data ?? null, fromShaping: boundInvalidData(fromShaping) };
}

/** graphql-js writes out a stack for each field with an error. Of thousands that a subgraph left without data they take seconds, and nobody reads them. */
function withShortStacks<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function within(path: ConcretePath, error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    path: [...path, ...(error.path ?? [])],
    originalError: error.originalError ?? null,
    extensions: error.extensions,
  });
}

const readByResponseKey: GraphQLFieldResolver<unknown, PlanRun> = (source, _arguments, run, info) => {
  if (!isJsonObject(source)) return undefined;
  const key = String(info.path.key);
  const value = getOwn(source, key) ?? null;
  const failure = value === null ? run.failures.report(source, key) : undefined;
  if (failure !== undefined) throw failure;
  return value;
};

const readTypename: GraphQLTypeResolver<unknown, PlanRun> = (value, run, info, abstractType) => {
  const typename = isJsonObject(value) ? getOwn(value, '__typename') : undefined;
  const named = typeof typename === 'string' ? info.schema.getType(typename) : undefined;
  if (isObjectType(named)) return named.name;
  // A subgraph that has the interface as an object knows no more of its type than the interface's name. The planner asks on for the real
  // type where the operation depends on it; where it does not, the interface's fields are all that is selected.
  const unspecific = typename === undefined || isAbstractType(named);
  if (unspecific && !dependsOnType(info, abstractType)) {
    if (isInterfaceType(abstractType)) return unspecificTypeName(abstractType);
    return info.schema.getPossibleTypes(abstractType)[0]?.name; // of a union nothing but the type can be selected
  }
  throw (
    (isJsonObject(value) && run.failures.report(value, '__typename')) ||
    new GraphQLError(`The type of an object of ${abstractType.name} is not known.`)
  );
};

/** graphql-js puts values into its messages, and a value that does not fit may be one that the schema hides: they are for the log. */
function invalidData({ plan }: PlanRun, error: GraphQLError): GraphQLError {
  const field = error.nodes?.find((node) => node.kind === Kind.FIELD)?.name.value;
  const service = serviceOfField(plan, error.path ?? []);
  const what = field === undefined ? 'The data' : `The data of the field ${field}`;
  return new GraphQLError(`${what} does not fit the schema.`, {
    nodes: error.nodes ?? null,
    path: error.path ?? null,
    originalError: error,
    extensions: { code: 'SUBREQUEST_INVALID_DATA', ...(service === undefined ? {} : { service }) },
  });
}

/** Whether a subgraph's error at `told` is the reason for a null at `found`: one of them lies on the way to the other. */
function explains(told: ConcretePath, found: ConcretePath): boolean {
  const common = Math.min(told.length, found.length);
  for (let index = 0; index < common; index++) {
    if (told[index] !== found[index]) return false;
  }
  return true;
}
