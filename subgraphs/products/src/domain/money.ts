/** An amount of money. */
export interface Money {
  /** Integer minor units of the currency: 4999 is 49.99 in a currency with two decimals. */
  readonly amount: number;
  /** ISO 4217 code: `USD`. */
  readonly currency: string;
}

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Whether a text is the code of a currency in ISO 4217, in capital letters. */
export function isCurrency(code: string): boolean {
  return currencies.has(code);
}

export function sameMoney(a: Money, b: Money): boolean {
  return a.amount === b.amount && a.currency === b.currency;
}
