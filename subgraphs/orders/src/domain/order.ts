import type { CustomerId, OrderId, ProductId } from './ids.ts';
import type { Money } from './money.ts';
import type { OrderStatus } from './order-status.ts';

/** How an order stands. Only a rejection has something to say. */
export type OrderState =
  | { readonly status: Exclude<OrderStatus, 'REJECTED'> }
  | {
      readonly status: 'REJECTED';
      /** For people. */
      readonly reason: string;
    };

/** What a state has to say; null when nothing. */
export function reasonOf(state: OrderState): string | null {
  return state.status === 'REJECTED' ? state.reason : null;
}

/** A step in an order's life: the state it reached, and when. */
export interface OrderStep {
  /** Its place among the steps of the order, from 1, without gaps. */
  readonly sequence: number;
  readonly state: OrderState;
  readonly occurredAt: Date;
}

/** One line of an order, as it was when it was placed. */
export interface OrderItem {
  readonly productId: ProductId;
  readonly name: string;
  /** 1 to 1,000. */
  readonly quantity: number;
  readonly unitPrice: Money;
}

/** An order as it stands after one of its steps. Everything but the step was settled when it was placed. */
export interface Order {
  readonly id: OrderId;
  readonly customerId: CustomerId;
  readonly total: Money;
  readonly placedAt: Date;
  /** When it expires, should it still be pending then. */
  readonly expiresAt: Date;
  readonly lastStep: OrderStep;
}

/** An order that was just placed, with its lines. */
export interface PlacedOrder extends Order {
  readonly items: readonly OrderItem[];
}
