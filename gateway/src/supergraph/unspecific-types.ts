import {
  GraphQLObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  type GraphQLAbstractType,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { isJsonObject } from '../json.ts';

const prefix = '__Unspecific';

/**
 * The name of an object type that has an interface's own fields, for objects of which no more is known than the interface: those of a subgraph that has it as an
 * object (`@interfaceObject`). By the fields of one of its implementations, a field would be non-null that the interface lets be null.
 * Only schemas made by {@link withUnspecificTypes} have it.
 */
export function unspecificTypeName(type: GraphQLInterfaceType): string {
  return prefix + type.name;
}

/**
 * The same schema, which for graphql-js's execution also has the types that {@link unspecificTypeName} names. Introspection does not list them. Its object types
 * have objects alone as values: graphql-js would take whatever a subgraph puts there for an object without fields, and tell nobody.
 * @param schema whose types are changed so; nothing else is to execute on it.
 */
export function withUnspecificTypes(schema: GraphQLSchema): GraphQLSchema {
  const types = new Map<string, GraphQLObjectType | undefined>();
  const unspecific = (name: string): GraphQLObjectType | undefined => {
    if (!types.has(name)) types.set(name, unspecificType(schema, name));
    return types.get(name);
  };
  const getType = (name: string): GraphQLNamedType | undefined =>
    name.startsWith(prefix) ? unspecific(name) : schema.getType(name);
  const isSubType: GraphQLSchema['isSubType'] = (abstract: GraphQLAbstractType, type) =>
    type.name.startsWith(prefix)
      ? type.getInterfaces().some(({ name }) => name === abstract.name)
      : schema.isSubType(abstract, type);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type) && !isIntrospectionType(type)) type.isTypeOf = isJsonObject;
  }
  return Object.assign(Object.create(schema) as GraphQLSchema, { getType, isSubType });
}

function unspecificType(schema: GraphQLSchema, name: string): GraphQLObjectType | undefined {
  const type = schema.getType(name.slice(prefix.length));
  if (!isInterfaceType(type)) return undefined;
  const { fields } = type.toConfig();
  return new GraphQLObjectType({
    name,
    interfaces: [type, ...type.getInterfaces()],
    fields,
    isTypeOf: isJsonObject,
  });
}
