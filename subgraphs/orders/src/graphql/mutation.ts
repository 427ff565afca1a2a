import type { Result } from '@trellis/validation';
import type { Order } from '../domain/order.ts';
import type { OrderError } from '../domain/errors.ts';
import type { MutationResolvers } from './generated/resolvers.ts';
import { viewerOf } from './viewer.ts';

export const mutationResolvers: MutationResolvers = {
  async placeOrder(_parent, { input }, context) {
    return toPayload(await context.services.placeOrder(viewerOf(context.identity), input, context));
  },
  async cancelOrder(_parent, { id }, context) {
    return toPayload(await context.services.cancelOrder(viewerOf(context.identity), id, context));
  },
};

function toPayload(result: Result<Order, OrderError>) {
  return result.ok ? { order: result.value, userErrors: [] } : { order: null, userErrors: result.errors };
}
