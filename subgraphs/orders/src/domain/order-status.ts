/** How far an order has come. */
export type OrderStatus = 'PENDING' | 'CONFIRMED' | 'REJECTED' | 'CANCELLED' | 'EXPIRED';

/** Where an order can go from each status. What is not in this table does not happen. */
export const transitions = {
  PENDING: ['CONFIRMED', 'REJECTED', 'CANCELLED', 'EXPIRED'],
  CONFIRMED: ['CANCELLED'],
  REJECTED: [],
  CANCELLED: [],
  EXPIRED: [],
} as const satisfies Record<OrderStatus, readonly OrderStatus[]>;

/** Whether an order may go from one status to another. */
export function canBecome(from: OrderStatus, to: OrderStatus): boolean {
  const reachable: readonly OrderStatus[] = transitions[from];
  return reachable.includes(to);
}

/** Whether nothing can happen any more to an order with this status. A confirmed order has not ended: it can be cancelled. */
export function hasEnded(status: OrderStatus): boolean {
  return transitions[status].length === 0;
}
