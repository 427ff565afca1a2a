import { dateTimeScalar, safeIntScalar } from '@trellis/subgraph-server';
import type { Resolvers } from './generated/resolvers.ts';
import { mutationResolvers } from './mutation.ts';
import { queryResolvers } from './query.ts';
import { userResolvers } from './user.ts';

/** Everything that the schema asks for, a file a type. */
export const resolvers: Resolvers = {
  DateTime: dateTimeScalar,
  SafeInt: safeIntScalar,
  Query: queryResolvers,
  Mutation: mutationResolvers,
  User: userResolvers,
};
