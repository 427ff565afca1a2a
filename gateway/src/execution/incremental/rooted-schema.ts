import { GraphQLSchema, isObjectType } from 'graphql';
import type { Generation } from '../../supergraph/generation.ts';
import { withUnspecificTypes } from '../unspecific-types.ts';

const known = new WeakMap<Generation, Map<string, GraphQLSchema>>();

/** The API schema with an object type in the place of the query type, so that graphql-js can begin within a response. */
export function rootedSchema(generation: Generation, typename: string): GraphQLSchema {
  const { executionSchema } = generation;
  if (executionSchema.getQueryType()?.name === typename) return executionSchema;
  let schemas = known.get(generation);
  if (schemas === undefined) known.set(generation, (schemas = new Map<string, GraphQLSchema>()));
  let schema = schemas.get(typename);
  if (schema === undefined) {
    const query = executionSchema.getType(typename);
    if (!isObjectType(query)) throw new Error(`${typename} is not an object type`);
    schema = withUnspecificTypes(
      new GraphQLSchema({
        ...executionSchema.toConfig(),
        query,
        mutation: null,
        subscription: null,
        assumeValid: true,
      }),
    );
    schemas.set(typename, schema);
  }
  return schema;
}
