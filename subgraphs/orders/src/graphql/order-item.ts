import { times } from '../domain/money.ts';
import type { OrderItemResolvers } from './generated/resolvers.ts';

export const orderItemResolvers: OrderItemResolvers = {
  product: ({ productId }) => ({ __typename: 'Product', id: productId }),
  total: ({ unitPrice, quantity }) => times(unitPrice, quantity),
};
