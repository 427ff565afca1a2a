import type { CustomerId, OrderId, ProductId } from './ids.ts';
import { maxAmount, times, type Money } from './money.ts';
import type { OrderItem, PlacedOrder } from './order.ts';
import type { OrderError } from './errors.ts';

/** A line as the customer asks for it. */
export interface RequestedLine {
  /** Absent for an id that no product can have. */
  readonly productId: ProductId | undefined;
  readonly quantity: number;
}

/** What is known of a product here: enough to price a line. */
export interface CatalogueEntry {
  readonly productId: ProductId;
  readonly name: string;
  readonly price: Money;
  readonly archived: boolean;
}

/** What comes to an order from outside its lines. */
export interface Placing {
  readonly id: OrderId;
  readonly customerId: CustomerId;
  readonly now: Date;
  /** How long the order may stay pending. */
  readonly pendingSeconds: number;
}

/** Whether an order can be taken. */
export type Pricing =
  | { readonly kind: 'priced'; readonly order: PlacedOrder }
  /** Every line at fault, or what is wrong with all of them together. */
  | { readonly kind: 'refused'; readonly errors: OrderError[] };

/**
 * Decides whether an order can be taken, and what it costs.
 * @param lines at least one.
 * @param catalogue the products that are known among those asked for.
 */
export function priceOrder(
  lines: readonly RequestedLine[],
  catalogue: ReadonlyMap<ProductId, CatalogueEntry>,
  placing: Placing,
): Pricing {
  const errors: OrderError[] = [];
  const items: OrderItem[] = [];
  lines.forEach(({ productId, quantity }, index) => {
    const entry = productId === undefined ? undefined : catalogue.get(productId);
    if (entry === undefined) errors.push(unknownProduct(index));
    else if (entry.archived) errors.push(archivedProduct(index, entry));
    else items.push({ productId: entry.productId, name: entry.name, quantity, unitPrice: entry.price });
  });
  if (errors.length > 0) return { kind: 'refused', errors };

  const lineTotals = items.map((item) => times(item.unitPrice, item.quantity));
  const [currency, ...others] = new Set(lineTotals.map((line) => line.currency));
  if (currency === undefined) throw new Error('an order has at least one line');
  if (others.length > 0) return { kind: 'refused', errors: [mixedCurrencies] };
  const amount = lineTotals.reduce((sum, line) => sum + line.amount, 0);
  if (amount > maxAmount) return { kind: 'refused', errors: [tooDear] };

  const { id, customerId, now, pendingSeconds } = placing;
  return {
    kind: 'priced',
    order: {
      id,
      customerId,
      items,
      total: { amount, currency },
      placedAt: now,
      expiresAt: new Date(now.getTime() + pendingSeconds * 1_000),
      lastStep: { sequence: 1, state: { status: 'PENDING' }, occurredAt: now },
    },
  };
}

const mixedCurrencies: OrderError = {
  code: 'MIXED_CURRENCIES',
  message: 'The products of one order must all be priced in one currency.',
  field: ['input', 'lines'],
};

const tooDear: OrderError = {
  code: 'OUT_OF_RANGE',
  message: `An order must not cost more than ${maxAmount} minor units.`,
  field: ['input', 'lines'],
};

function archivedProduct(line: number, { name }: CatalogueEntry): OrderError {
  return {
    code: 'PRODUCT_UNAVAILABLE',
    message: `The product "${name}" left the catalogue.`,
    field: productIdOf(line),
  };
}

function unknownProduct(line: number): OrderError {
  return { code: 'NOT_FOUND', message: 'There is no product with this id.', field: productIdOf(line) };
}

function productIdOf(line: number): string[] {
  return ['input', 'lines', String(line), 'productId'];
}
