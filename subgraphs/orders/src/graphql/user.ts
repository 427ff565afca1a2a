import { forbidden, readPage } from '@trellis/subgraph-server';
import { readId } from '@trellis/validation';
import type { CustomerId } from '../domain/ids.ts';
import type { UserResolvers } from './generated/resolvers.ts';
import { viewerOf } from './viewer.ts';

/** What orders adds to a user. */
export const userResolvers: UserResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  async orders({ id }, { status, ...args }, { identity, loaders }) {
    const viewer = viewerOf(identity);
    const customerId = readId<CustomerId>(id);
    if (viewer.role !== 'admin' && viewer.customerId !== customerId) throw forbidden();
    if (customerId === undefined) return null;
    const filter = { status: status ?? undefined };
    return readPage(args, (page) => loaders.customerOrders.load({ customerId, page, filter }));
  },
};
