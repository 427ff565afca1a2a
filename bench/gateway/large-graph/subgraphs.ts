/** The subgraphs of the generated graph, in one process: `COUNT=50 PORT=4301 node --import tsx bench/gateway/large-graph/subgraphs.ts`. */
import { buildSubgraphSchema } from '@apollo/subgraph';
import { defaultFieldResolver, getNamedType, isObjectType, parse, type GraphQLFieldResolver } from 'graphql';
import { serveSubgraphs } from '../subgraph-server.ts';
import { generateSubgraphs } from './generate.ts';

/** Every object has an id, every other value tells where it stands. */
const anything: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
  const own: unknown = defaultFieldResolver(source, args, context, info);
  if (own !== undefined) return own;
  const type = getNamedType(info.returnType);
  if (isObjectType(type)) return { __typename: type.name, id: '1' };
  return type.name === 'Int' ? info.fieldName.length : `${info.parentType.name}.${info.fieldName}`;
};

const subgraphs = generateSubgraphs(Number(process.env['COUNT'] ?? 50));
serveSubgraphs(
  Object.fromEntries(
    subgraphs.map(({ name, schema }) => [name, buildSubgraphSchema({ typeDefs: parse(schema) })]),
  ),
  Number(process.env['PORT'] ?? 4301),
  anything,
);
