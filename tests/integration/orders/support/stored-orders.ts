import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Order, PlacedOrder } from '../../../../subgraphs/orders/src/domain/order.ts';
import type { CustomerId, OrderId, ProductId } from '../../../../subgraphs/orders/src/domain/ids.ts';
import type { OrderTransaction } from '../../../../subgraphs/orders/src/application/order-store.ts';

export const ordersMigrations = fileURLToPath(
  new URL('../../../../subgraphs/orders/migrations', import.meta.url),
);

export function newCustomer(): CustomerId {
  return randomUUID() as string as CustomerId;
}

/** A pending order of one keyboard, placed now. @param pendingSeconds until it expires. */
export function newOrder(customerId = newCustomer(), pendingSeconds = 900): PlacedOrder {
  const now = new Date();
  return {
    id: randomUUID() as string as OrderId,
    customerId,
    total: { amount: 4_999, currency: 'USD' },
    placedAt: now,
    expiresAt: new Date(now.getTime() + pendingSeconds * 1_000),
    lastStep: { sequence: 1, state: { status: 'PENDING' }, occurredAt: now },
    items: [
      {
        productId: randomUUID() as string as ProductId,
        name: 'Wireless Keyboard',
        quantity: 1,
        unitPrice: { amount: 4_999, currency: 'USD' },
      },
    ],
  };
}

/** Writes an order that nobody has asked for before. */
export async function insert(orders: OrderTransaction, order: PlacedOrder): Promise<Order> {
  await orders.insert(order, { idempotencyKey: randomUUID(), inputHash: '' }, {});
  return order;
}
