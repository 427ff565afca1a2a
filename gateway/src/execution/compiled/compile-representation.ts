import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import { isNonNullType, isObjectType, type GraphQLNamedType, type GraphQLSchema } from 'graphql';
import { getOwn, isJsonObject, type JsonObject, type JsonValue } from '../../json.ts';
import { representationOf } from '../representation.ts';
import { applyRewrites, isOfType } from '../rewrites.ts';
import { keyReader, stringText } from './json-text.ts';

/** How entities of one type are represented in a fetch. */
export interface Representation {
  /** Writes an entity's representation as JSON. @returns undefined when the entity lacks something of it. */
  readonly write: WriteRepresentation;
  /** Sees that entities are represented alike without writing them down, where that is simple. */
  readonly likeness: Likeness | undefined;
}

type WriteRepresentation = (entity: JsonObject, plain: boolean) => string | undefined;

/** A comparison of entities by what is required of them. */
export interface Likeness {
  /** What most often tells entities apart: the same in all that are represented alike. */
  keyOf(entity: JsonObject): unknown;
  isSame(one: JsonObject, other: JsonObject): boolean;
}

/**
 * Compiles what a fetch requires of its entities, for each type that comes by: a writer that knows the fields and their order. Selections that
 * depend on types further down, or need rewriting, are left to `representationOf`.
 */
export function compileRepresentation(
  schema: GraphQLSchema,
  node: FetchNode,
): (entity: JsonObject) => Representation {
  const requires = node.requires ?? [];
  const general: Representation = {
    write(entity) {
      const representation = representationOf(schema, entity, requires);
      if (representation === undefined) return undefined;
      applyRewrites(schema, node.inputRewrites, representation);
      return JSON.stringify(representation);
    },
    likeness: undefined,
  };
  if ((node.inputRewrites?.length ?? 0) > 0) return () => general;
  const byType = new Map<string, Representation>();
  return (entity) => {
    const typename = getOwn(entity, '__typename');
    if (typeof typename !== 'string') return general;
    let representation = byType.get(typename);
    if (representation === undefined) {
      representation = compileFor(schema, typename, requires) ?? general;
      // A subgraph may answer any name: only those of the schema are remembered.
      if (schema.getType(typename) !== undefined) byType.set(typename, representation);
    }
    return representation;
  };
}

type Field = Extract<QueryPlanSelectionNode, { readonly kind: 'Field' }>;

function compileFor(
  schema: GraphQLSchema,
  typename: string,
  requires: readonly QueryPlanSelectionNode[],
): Representation | undefined {
  const applying = requires.filter(
    (selection) =>
      selection.kind === 'Field' ||
      selection.typeCondition === undefined ||
      isOfType(schema, { __typename: typename }, selection.typeCondition) === true,
  );
  // Several fragments are merged field by field, and one that is incomplete leaves the others standing.
  const [only] = applying;
  if (applying.length !== 1 || only?.kind !== 'InlineFragment') return undefined;
  const fields = plainFields(only.selections);
  if (fields?.some((field) => (field.alias ?? field.name) === '__typename') !== true) return undefined;
  const write = compileFields(fields);
  return write && { write, likeness: likenessBy(fields, schema.getType(typename)) };
}

/** @returns undefined when values are compared with more than a look at them. */
function likenessBy(fields: readonly Field[], type: GraphQLNamedType | undefined): Likeness | undefined {
  if (fields.some(({ selections }) => selections !== undefined)) return undefined;
  const isKey = ({ name }: Field): boolean =>
    isObjectType(type) && name !== '__typename' && isNonNullType(type.getFields()[name]?.type);
  // A key is hardly ever nullable, and other required fields most often are.
  const key = fields.find(isKey) ?? fields.at(-1)!;
  const readers = fields.map(({ alias, name }) => keyReader(alias ?? name));
  return {
    keyOf: keyReader(key.alias ?? key.name),
    isSame(one, other) {
      for (const read of readers) if (read(one) !== read(other)) return false;
      return true;
    },
  };
}

/** The fields of a selection that holds nothing else, each once. */
function plainFields(selections: readonly QueryPlanSelectionNode[]): Field[] | undefined {
  const fields: Field[] = [];
  for (const selection of selections) {
    if (selection.kind !== 'Field') return undefined;
    fields.push(selection);
  }
  const keys = new Set(fields.map(({ alias, name }) => alias ?? name));
  return keys.size === fields.length ? fields : undefined;
}

function compileFields(fields: readonly Field[]): WriteRepresentation | undefined {
  const writers: ((entity: JsonObject, plain: boolean) => string | undefined)[] = [];
  for (const { alias, name, selections } of fields) {
    const key = alias ?? name;
    const read = keyReader(key);
    const prefix = `${writers.length === 0 ? '{' : ','}${JSON.stringify(key)}:`;
    let write: (value: JsonValue, plain: boolean) => string | undefined = leafText;
    if (selections !== undefined) {
      const nested = plainFields(selections);
      const within = nested === undefined ? undefined : compileFields(nested);
      if (within === undefined) return undefined;
      write = (value, plain) => compositeText(value, within, plain);
    }
    writers.push((entity, plain) => {
      const text = write(read(entity) as JsonValue, plain);
      return text === undefined ? undefined : prefix + text;
    });
  }
  return (entity, plain) => {
    let text = '';
    for (const write of writers) {
      const part = write(entity, plain);
      if (part === undefined) return undefined;
      text += part;
    }
    return `${text}}`;
  };
}

function leafText(value: JsonValue, plain: boolean): string | undefined {
  return typeof value === 'string' ? stringText(value, plain) : JSON.stringify(value);
}

function compositeText(value: JsonValue, write: WriteRepresentation, plain: boolean): string | undefined {
  if (value === null) return 'null';
  if (!Array.isArray(value)) return isJsonObject(value) ? write(value, plain) : undefined;
  let text = '';
  for (const item of value) {
    const part = compositeText(item, write, plain);
    if (part === undefined) return undefined;
    text += text === '' ? part : `,${part}`;
  }
  return `[${text}]`;
}
