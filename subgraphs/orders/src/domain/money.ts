/** An amount of money: whole minor units (cents) of an ISO 4217 currency. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** The most that an order may cost: what its column (32 bits) holds. */
export const maxAmount = 2 ** 31 - 1;

/** What several of one thing cost. */
export function times(price: Money, quantity: number): Money {
  return { amount: price.amount * quantity, currency: price.currency };
}
