import type { Order, PlacedOrder } from './order.ts';

/** Something that happened to an order and that others may hear of: `order` as it stands after it. */
export type OrdersEvent =
  | { readonly kind: 'OrderPlaced'; readonly order: PlacedOrder }
  | { readonly kind: 'OrderConfirmed' | 'OrderCancelled' | 'OrderExpired'; readonly order: Order }
  | { readonly kind: 'OrderRejected'; readonly order: Order; readonly reason: string };

/** What the last step of an order tells the others. @throws Error for an order that was only placed. */
export function changeOf(order: Order): OrdersEvent {
  const { state } = order.lastStep;
  switch (state.status) {
    case 'PENDING':
      throw new Error('no step leads to PENDING');
    case 'CONFIRMED':
      return { kind: 'OrderConfirmed', order };
    case 'REJECTED':
      return { kind: 'OrderRejected', order, reason: state.reason };
    case 'CANCELLED':
      return { kind: 'OrderCancelled', order };
    case 'EXPIRED':
      return { kind: 'OrderExpired', order };
  }
}
