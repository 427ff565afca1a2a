import { isObjectType, type GraphQLSchema } from 'graphql';

/**
 * A schema with an object type in the place of the query type, so that graphql-js can begin within a response. It stands on the schema that it
 * is made of and holds nothing else: one of its own for each type that is ever deferred would be as large as the schema each time.
 */
export function rootedSchema(schema: GraphQLSchema, typename: string): GraphQLSchema {
  if (schema.getQueryType()?.name === typename) return schema;
  const root = schema.getType(typename);
  if (!isObjectType(root)) throw new Error(`${typename} is not an object type`);
  return Object.assign(Object.create(schema) as GraphQLSchema, {
    getQueryType: () => root,
    getRootType: () => root,
  });
}
