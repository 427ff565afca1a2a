import {
  baseType,
  federationMetadata,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  possibleRuntimeTypes,
  type NamedType,
  type Schema,
} from '@apollo/federation-internals';
import { isAbstractType as isAbstract, type GraphQLSchema } from 'graphql';
import { intersection } from './coverage.ts';

/** The schemas that a plan is read by. */
export interface PlanSchemas {
  readonly supergraphSchema: GraphQLSchema;
  readonly subgraphSchemas: ReadonlyMap<string, Schema>;
}

/** The same, seen from one subgraph. */
export interface SubgraphSchemas extends PlanSchemas {
  readonly schema: Schema;
}

/** The object types that an object of a subgraph's type can be of, as the supergraph has them. */
export function subgraphTypes(
  { schema, supergraphSchema }: Pick<SubgraphSchemas, 'schema' | 'supergraphSchema'>,
  name: string,
): ReadonlySet<string> {
  const type = schema.type(name);
  // A subgraph that has the interface as an object knows none of its types, so it can be any.
  if (type === undefined || isObjectType(type)) return supergraphTypes(supergraphSchema, name);
  if (!isAbstractType(type)) return new Set();
  return new Set(
    possibleRuntimeTypes(type).flatMap((possible) => [...supergraphTypes(supergraphSchema, possible.name)]),
  );
}

/** The object types that an object of a type of the supergraph can be of. */
export function supergraphTypes(schema: GraphQLSchema, name: string): ReadonlySet<string> {
  const type = schema.getType(name);
  return new Set(isAbstract(type) ? schema.getPossibleTypes(type).map((possible) => possible.name) : [name]);
}

const sharedTypesOf = new WeakMap<
  PlanSchemas['subgraphSchemas'],
  Map<string, ReadonlySet<string> | undefined>
>();

/**
 * The types that a field can have as a value whichever subgraph resolves it. Those that share a field have to resolve it alike, so the planner leaves
 * out what one of them cannot mean.
 * @returns undefined when no subgraph narrows them.
 */
export function sharedTypes(
  subgraph: SubgraphSchemas,
  holder: string,
  field: string,
): ReadonlySet<string> | undefined {
  const { subgraphSchemas, supergraphSchema } = subgraph;
  let known = sharedTypesOf.get(subgraphSchemas);
  if (known === undefined)
    sharedTypesOf.set(subgraphSchemas, (known = new Map<string, ReadonlySet<string> | undefined>()));
  const coordinate = `${holder}.${field}`;
  if (known.has(coordinate)) return known.get(coordinate);
  let shared: ReadonlySet<string> | undefined;
  for (const schema of subgraphSchemas.values()) {
    const type = schema.type(holder);
    const definition = type !== undefined && isObjectType(type) ? type.field(field) : undefined;
    if (definition?.type === undefined || federationMetadata(schema)?.isFieldExternal(definition) === true)
      continue;
    const value = baseType(definition.type);
    if (!isCompositeType(value)) break;
    const types = subgraphTypes({ schema, supergraphSchema }, value.name);
    shared = shared === undefined ? types : intersection(types, shared);
  }
  known.set(coordinate, shared);
  return shared;
}

/** The type of a subgraph's field, without lists. */
export function valueType(schema: Schema, parent: string, field: string): NamedType | undefined {
  const type = schema.type(parent);
  if (type === undefined || !(isObjectType(type) || isInterfaceType(type))) return undefined;
  const definition = type.field(field);
  return definition?.type === undefined ? undefined : baseType(definition.type);
}
