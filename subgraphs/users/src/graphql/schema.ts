import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';
import { resolvers } from './resolvers.ts';

/** The subgraph's schema, from `schema.graphql` at the root of the package, with its resolvers. */
export function createSchema(): GraphQLSchema {
  const typeDefs = parse(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
  return buildSubgraphSchema([{ typeDefs, resolvers }]);
}
