import { readPage } from '@trellis/subgraph-server';
import { readId } from '@trellis/validation';
import type { OrderId } from '../domain/ids.ts';
import { maySee } from '../domain/viewer.ts';
import type { GraphQLContext } from './context.ts';
import type { QueryResolvers } from './generated/resolvers.ts';
import type { OrderModel } from './mappers.ts';
import { viewerOf } from './viewer.ts';

export const queryResolvers: QueryResolvers = {
  order: (_parent, { id }, context) => visibleOrder(context, id),
  orders(_parent, { status, ...args }, { identity, services, loaders }) {
    const { customerId, role } = viewerOf(identity);
    const filter = { status: status ?? undefined };
    return readPage(args, (page) =>
      role === 'admin'
        ? services.orders.list(page, filter)
        : loaders.customerOrders.load({ customerId, page, filter }),
    );
  },
};

/** @returns null for an order that is not there, or not the caller's to see. */
export async function visibleOrder(context: GraphQLContext, id: string): Promise<OrderModel | null> {
  const viewer = viewerOf(context.identity);
  const orderId = readId<OrderId>(id);
  if (orderId === undefined) return null;
  const order = await context.loaders.order.load(orderId);
  return order !== undefined && maySee(viewer, order) ? order : null;
}
