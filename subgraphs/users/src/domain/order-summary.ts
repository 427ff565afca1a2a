/** An amount of money, in integer minor units of a currency (ISO 4217). */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** A user's confirmed orders at a glance. */
export interface OrderSummary {
  readonly count: number;
  /** What they cost together, one entry a currency. */
  readonly spend: readonly Money[];
}

export const emptyOrderSummary: OrderSummary = { count: 0, spend: [] };

/** Where one order stands, as far as its events have told. */
export interface OrderStanding {
  readonly orderId: string;
  readonly customerId: string;
  readonly status: 'CONFIRMED' | 'CANCELLED';
  readonly total: Money;
  /** The position of the event that told it among its order's events; the highest holds. */
  readonly sequence: number;
}
