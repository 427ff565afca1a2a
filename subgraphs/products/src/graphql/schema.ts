import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';
import { resolvers } from './resolvers.ts';

const file = new URL('../../schema.graphql', import.meta.url);

/** The executable schema of the subgraph. */
export function createSchema(): GraphQLSchema {
  return buildSubgraphSchema([{ typeDefs: parse(readFileSync(file, 'utf8')), resolvers }]);
}
