import type { Cause } from '@trellis/event-contracts';
import type { RequestContext } from '@trellis/subgraph-server';
import type { Result } from '@trellis/validation';
import type { OrderFollower } from '../application/follow-orders.ts';
import type { OrderStore } from '../application/order-store.ts';
import type { Order } from '../domain/order.ts';
import type { OrderError } from '../domain/errors.ts';
import type { Viewer } from '../domain/viewer.ts';
import type { Loaders } from './loaders.ts';

/** What the resolvers can do. */
export interface OrderServices {
  readonly orders: Pick<OrderStore, 'list'>;
  readonly follower: OrderFollower;
  readonly placeOrder: (viewer: Viewer, input: unknown, cause: Cause) => Promise<Result<Order, OrderError>>;
  readonly cancelOrder: (viewer: Viewer, id: string, cause: Cause) => Promise<Result<Order, OrderError>>;
}

export interface GraphQLContext extends RequestContext {
  readonly services: OrderServices;
  readonly loaders: Loaders;
}
