import { execute, parse, type GraphQLSchema } from 'graphql';
import type { GraphQLBody } from '../start-library.ts';
import type { Thing, Truth } from './truth.ts';

/** What one server that had everything would answer: graphql-js on the API schema, as if there were no federation. */
export async function executeWhole(
  schema: GraphQLSchema,
  truth: Truth,
  query: string,
  variableValues: Readonly<Record<string, unknown>>,
): Promise<GraphQLBody> {
  const result = await execute({
    schema,
    document: parse(query),
    rootValue: undefined,
    variableValues,
    fieldResolver: (source: Thing | undefined, args: Record<string, unknown>, _context, info) =>
      truth.value(source ?? { type: info.parentType.name, id: '' }, info.fieldName, args),
    typeResolver: (value) => (value as Thing).type,
  });
  return JSON.parse(JSON.stringify(result)) as GraphQLBody;
}
