import { dateTimeScalar, safeIntScalar } from '@trellis/subgraph-server';
import { categoryResolvers } from './category.ts';
import type { Resolvers } from './generated/resolvers.ts';
import { mutationResolvers } from './mutation.ts';
import { productResolvers } from './product.ts';
import { queryResolvers } from './query.ts';
import { stockResolvers } from './stock.ts';

/** Everything that the schema asks for, a file a type. */
export const resolvers: Resolvers = {
  DateTime: dateTimeScalar,
  SafeInt: safeIntScalar,
  Query: queryResolvers,
  Mutation: mutationResolvers,
  Product: productResolvers,
  Stock: stockResolvers,
  Category: categoryResolvers,
};
