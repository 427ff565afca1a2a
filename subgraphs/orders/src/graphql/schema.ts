import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';
import { resolvers } from './resolvers.ts';

/** The subgraph's executable schema, with what federation adds to it. */
export function createSchema(): GraphQLSchema {
  const file = new URL('../../schema.graphql', import.meta.url);
  return buildSubgraphSchema([{ typeDefs: parse(readFileSync(file, 'utf8')), resolvers }]);
}
