import { reasonOf } from '../domain/order.ts';
import type { OrderResolvers } from './generated/resolvers.ts';
import { visibleOrder } from './query.ts';

export const orderResolvers: OrderResolvers = {
  __resolveReference: (reference, context) => visibleOrder(context, reference.id),
  customer: ({ customerId }) => ({ id: customerId }),
  status: ({ lastStep }) => lastStep.state.status,
  rejectionReason: ({ lastStep }) => reasonOf(lastStep.state),
  items: async ({ id }, _args, { loaders }) => [...(await loaders.items.load(id))],
  async timeline({ id, lastStep }, _args, { loaders }) {
    const steps = await loaders.timeline.load(id);
    // A step that came after the order was read would contradict its status.
    const sofar = steps.filter(({ sequence }) => sequence <= lastStep.sequence);
    return sofar.map(({ sequence, state, occurredAt }) => ({
      sequence,
      status: state.status,
      reason: reasonOf(state),
      occurredAt,
    }));
  },
  sequence: ({ lastStep }) => lastStep.sequence,
  createdAt: ({ placedAt }) => placedAt,
  updatedAt: ({ lastStep }) => lastStep.occurredAt,
};
