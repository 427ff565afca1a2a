import { badArgument } from '@trellis/subgraph-server';
import { GraphQLError } from 'graphql';
import type { SubscriptionResolvers } from './generated/resolvers.ts';
import type { OrderModel } from './mappers.ts';
import { viewerOf } from './viewer.ts';

/** What a stream yields is the order already. */
const asItIs = (order: OrderModel): OrderModel => order;

export const subscriptionResolvers: SubscriptionResolvers = {
  orderStatusChanged: {
    async subscribe(_parent, { orderId, afterSequence }, { identity, services }) {
      const viewer = viewerOf(identity);
      const last = afterSequence ?? undefined;
      if (last !== undefined && last < 0)
        throw badArgument('afterSequence', 'afterSequence must not be negative');
      const steps = await services.follower.followOrder(viewer, orderId, last);
      if (steps === undefined) {
        throw new GraphQLError('There is no order with this id.', { extensions: { code: 'NOT_FOUND' } });
      }
      return steps;
    },
    resolve: asItIs,
  },
  myOrderStatusChanged: {
    subscribe: async (_parent, _args, { identity, services }) =>
      services.follower.followMine(viewerOf(identity)),
    resolve: asItIs,
  },
};
