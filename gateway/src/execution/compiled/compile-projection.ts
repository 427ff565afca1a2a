import {
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import type { ClientKeys } from '../../operation/client-keys.ts';
import { getOwn, isJsonObject, type JsonObject, type JsonValue } from '../../json.ts';
import { dependsOnType } from '../depends-on-type.ts';
import { unspecificTypeName } from '../../supergraph/unspecific-types.ts';
import type { CompiledRun } from './compiled-run.ts';
import { encode, JsonBytes, type SentBytes } from './json-bytes.ts';
import { keyReader } from './json-text.ts';
import { leafWriter } from './leaf-writers.ts';
import { unfit } from './unfit.ts';

/** What an operation selects, with its conditions decided. */
export interface Selected {
  readonly clientKeys: ClientKeys;
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** The coerced values of the variables that `@skip` and `@include` depend on. */
  readonly conditions: Readonly<Record<string, boolean>>;
}

/** Writes a whole response without errors, as JSON in UTF-8. @throws unfit when the response has an error. */
export type Projection = (run: CompiledRun) => SentBytes;

type Write = (value: JsonValue, run: CompiledRun, out: JsonBytes) => void;
type WriteObject = (object: JsonObject, run: CompiledRun, out: JsonBytes) => void;

/** A response is written from beginning to end at once, so all are put together in the same memory. */
const response = new JsonBytes();
const start = encode('{"data":');
/** With a line break like Apollo Server's. */
const end = encode('}\n');

/**
 * Compiles an operation's selections to a writer. Fields are collected by graphql-js itself (specification, section 6.3.2), so their order and
 * merging are its own. Nullable fields without data become null; what section 6.4.4 makes an error of, `unfit`.
 */
export function compileProjection(selected: Selected): Projection {
  const { schema, operation, fragments, conditions } = selected;
  const rootType = schema.getRootType(operation.operation);
  if (rootType === null || rootType === undefined) throw new Error('the schema has no such root type');
  const fields = collectFields(schema, fragments, conditions, rootType, operation.selectionSet);
  const write = compileFields(selected, rootType, fields);
  return (run) => {
    response.begin(run.plain, run.ascii);
    response.constant(start);
    write(run.data, run, response);
    response.constant(end);
    return response.end();
  };
}

function compileFields(
  selected: Selected,
  type: GraphQLObjectType,
  collected: Map<string, readonly FieldNode[]>,
): WriteObject {
  const writers: WriteObject[] = [];
  // What needs no data is written together with the next field's key.
  let constant = '{';
  let separator = '';
  for (const [responseKey, nodes] of collected) {
    constant += `${separator}${JSON.stringify(selected.clientKeys.get(responseKey) ?? responseKey)}:`;
    separator = ',';
    const name = nodes[0]!.name.value;
    if (name === '__typename') {
      constant += JSON.stringify(type.name);
      continue;
    }
    const field = type.getFields()[name];
    if (field === undefined) throw new Error(`${type.name} has no field ${name}`);
    const read = keyReader(responseKey);
    const write = compileValue(selected, field.type, nodes);
    const prefix = encode(constant);
    writers.push((object, run, out) => {
      out.constant(prefix);
      write(read(object) as JsonValue, run, out);
    });
    constant = '';
  }
  const end = encode(`${constant}}`);
  return (object, run, out) => {
    for (const write of writers) write(object, run, out);
    out.constant(end);
  };
}

function compileValue(selected: Selected, type: GraphQLOutputType, nodes: readonly FieldNode[]): Write {
  if (!isNonNullType(type)) {
    const write = compilePresent(selected, type, nodes);
    return (value, run, out) => {
      if (value === null || value === undefined) out.asciiText('null');
      else write(value, run, out);
    };
  }
  const write = compilePresent(selected, type.ofType, nodes);
  return (value, run, out) => {
    if (value === null || value === undefined) throw unfit;
    write(value, run, out);
  };
}

type WritePresent = (value: Exclude<JsonValue, null | undefined>, run: CompiledRun, out: JsonBytes) => void;

function compilePresent(
  selected: Selected,
  type: Exclude<GraphQLOutputType, { readonly ofType: unknown }> | GraphQLOutputType,
  nodes: readonly FieldNode[],
): WritePresent {
  if (isListType(type)) return remembering(compileList(selected, type.ofType as GraphQLOutputType, nodes));
  if (isLeafType(type)) {
    const write = leafWriter(type);
    return (value, _run, out) => write(value, out);
  }
  const named = getNamedType(type);
  if (isObjectType(named)) {
    const write = lazily(() => compileSelection(selected, named, nodes));
    return remembering((value, run, out) => {
      if (!isJsonObject(value)) throw unfit;
      write(value, run, out);
    });
  }
  if (isAbstractType(named)) return remembering(compileAbstract(selected, named, nodes));
  throw new Error(`${String(type)} is not an output type`);
}

function compileList(
  selected: Selected,
  itemType: GraphQLOutputType,
  nodes: readonly FieldNode[],
): WritePresent {
  const write = compileValue(selected, itemType, nodes);
  return (value, run, out) => {
    if (!Array.isArray(value)) throw unfit;
    for (let index = 0; index < value.length; index++) {
      out.asciiText(index === 0 ? '[' : ',');
      write(value[index], run, out);
    }
    out.asciiText(value.length === 0 ? '[]' : ']');
  };
}

/** An object whose type is needed and not said, or not a possible one, is left to `shapeResponse`. */
function compileAbstract(
  selected: Selected,
  type: GraphQLAbstractType,
  nodes: readonly FieldNode[],
): WritePresent {
  const byName = new Map(
    selected.schema
      .getPossibleTypes(type)
      .map((possible) => [possible.name, lazily(() => compileSelection(selected, possible, nodes))]),
  );
  const writeUnspecific = compileUnspecific(selected, type, nodes);
  return (value, run, out) => {
    if (!isJsonObject(value)) throw unfit;
    const typename = getOwn(value, '__typename');
    const write =
      byName.get(typename as string) ??
      (isUnspecific(selected.schema, typename) ? writeUnspecific : undefined);
    if (write === undefined) throw unfit;
    write(value, run, out);
  };
}

function isUnspecific(schema: GraphQLSchema, typename: JsonValue): boolean {
  return typename === undefined || (typeof typename === 'string' && isAbstractType(schema.getType(typename)));
}

/** For objects of an interface of which no more is known, as subgraphs have them that have the interface as an object. */
function compileUnspecific(
  selected: Selected,
  type: GraphQLAbstractType,
  nodes: readonly FieldNode[],
): WriteObject | undefined {
  const { schema, fragments, conditions } = selected;
  if (!isInterfaceType(type)) return undefined;
  if (dependsOnType({ fieldNodes: nodes, fragments, variableValues: conditions }, type)) return undefined;
  const unspecific = schema.getType(unspecificTypeName(type));
  if (!isObjectType(unspecific)) return undefined;
  return lazily(() => compileSelection(selected, unspecific, nodes));
}

function compileSelection(
  selected: Selected,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): WriteObject {
  const { schema, fragments, conditions } = selected;
  return compileFields(selected, type, collectSubfields(schema, fragments, conditions, type, [...nodes]));
}

/** Compiles at first use: types that never come by cost nothing. */
function lazily(compile: () => WriteObject): WriteObject {
  let compiled: WriteObject | undefined;
  return (object, run, out) => (compiled ??= compile())(object, run, out);
}

/** A container that stands at several places is written once. */
function remembering(write: WritePresent): WritePresent {
  return (value, run, out) => {
    const { shared } = run;
    if (shared === undefined || !shared.has(value)) return write(value, run, out);
    const known = shared.get(value);
    if (known?.writer === write) return out.repeat(known.from, known.to);
    const from = out.length;
    write(value, run, out);
    shared.set(value, { writer: write, from, to: out.length });
  };
}
