import type { Order, OrderItem, OrderState, OrderStep } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { orderEvents, orderItems, orders } from './schema.ts';

/** The state that a status and its reason, kept in two columns, stand for. */
function toState(status: OrderStatus, reason: string | null): OrderState {
  return status === 'REJECTED' ? { status, reason: reason ?? '' } : { status };
}

export function toOrder(row: typeof orders.$inferSelect): Order {
  return {
    id: row.id,
    customerId: row.customerId,
    total: { amount: row.totalAmount, currency: row.totalCurrency },
    placedAt: row.createdAt,
    expiresAt: row.expiresAt,
    lastStep: {
      sequence: row.sequence,
      state: toState(row.status, row.rejectionReason),
      occurredAt: row.updatedAt,
    },
  };
}

export function toStep(row: typeof orderEvents.$inferSelect): OrderStep {
  return { sequence: row.sequence, state: toState(row.status, row.reason), occurredAt: row.occurredAt };
}

export function toItem(row: typeof orderItems.$inferSelect): OrderItem {
  return {
    productId: row.productId,
    name: row.name,
    quantity: row.quantity,
    unitPrice: { amount: row.unitAmount, currency: row.currency },
  };
}
