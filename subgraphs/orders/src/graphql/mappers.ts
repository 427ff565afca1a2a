import type { Order, OrderItem } from '../domain/order.ts';

/** What the resolvers of `Order` get: the order as it stood after the step that the answer is about. */
export type OrderModel = Order;
export type OrderItemModel = OrderItem;
/** A user is known here by id alone; the rest is told by the users subgraph. */
export interface UserReference {
  readonly id: string;
}
