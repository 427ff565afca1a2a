import type { ProductId } from './ids.ts';
import type { OrderItem } from './order.ts';

/** Why products could not reserve an order. */
export interface Rejection {
  readonly code: 'OUT_OF_STOCK' | 'PRICE_CHANGED' | 'PRODUCT_UNAVAILABLE';
  /** The lines at fault. */
  readonly lines: readonly {
    readonly productId: ProductId;
    readonly requested: number;
    readonly available: number;
  }[];
}

const maxNamed = 3;

/** Puts a rejection in words for the customer, naming the products as the order does. */
export function rejectionReason({ code, lines }: Rejection, items: readonly OrderItem[]): string {
  const names = new Map(items.map((item) => [item.productId, item.name]));
  const describe: Record<Rejection['code'], (line: Rejection['lines'][number]) => string> = {
    OUT_OF_STOCK: (line) => `${nameOf(line)} (${line.requested} ordered, ${line.available} available)`,
    PRICE_CHANGED: nameOf,
    PRODUCT_UNAVAILABLE: nameOf,
  };
  function nameOf(line: Rejection['lines'][number]): string {
    return names.get(line.productId) ?? 'a product';
  }
  const named = lines.slice(0, maxNamed).map(describe[code]);
  const further = lines.length - named.length;
  const list = [...named, ...(further > 0 ? [`${further} more`] : [])].join(', ');
  return list === '' ? sentences[code] : `${sentences[code]}: ${list}`;
}

const sentences: Record<Rejection['code'], string> = {
  OUT_OF_STOCK: 'Not enough in stock',
  PRICE_CHANGED: 'The price changed since the order was placed',
  PRODUCT_UNAVAILABLE: 'No longer for sale',
};
