/** How much of a product there is. `0 <= reserved <= onHand <= maxOnHand` always. */
export interface Stock {
  readonly productId: string;
  /** In the warehouse, what is reserved included. */
  readonly onHand: number;
  /** Of these, set aside for orders. */
  readonly reserved: number;
  /** Grows by one with every change; also the change's place in the ledger. 0 is a stock that was never opened. */
  readonly version: number;
}

/** Why a stock changed. */
export type StockChangeKind = 'INITIAL' | 'ADJUSTED' | 'RESERVED' | 'RELEASED';

/** One change of a stock, as the ledger keeps it. The sums of a product's changes are its stock. */
export interface StockChange {
  readonly kind: StockChangeKind;
  readonly onHandChange: number;
  readonly reservedChange: number;
  /** For people. */
  readonly reason: string;
  /** The order it was for; null when it was for none. */
  readonly orderId: string | null;
}

/** A change together with the stock that it leaves. */
export interface StockMovement {
  readonly change: StockChange;
  readonly stock: Stock;
}

/** The most that can be on hand of one product; a GraphQL `Int` holds it with room to spare. */
export const maxOnHand = 1_000_000_000;

/** What can still be had. */
export function available(stock: Pick<Stock, 'onHand' | 'reserved'>): number {
  return stock.onHand - stock.reserved;
}

/** The first entry of a product's ledger. */
export function openStock(productId: string, onHand: number): StockMovement {
  const nothing: Stock = { productId, onHand: 0, reserved: 0, version: 0 };
  return move(nothing, {
    kind: 'INITIAL',
    onHandChange: onHand,
    reservedChange: 0,
    reason: 'Initial stock',
    orderId: null,
  });
}

/** Changes what is on hand, by hand; or says why that cannot be. */
export function adjustStock(
  stock: Stock,
  onHandChange: number,
  reason: string,
): StockMovement | 'INSUFFICIENT_STOCK' | 'OUT_OF_RANGE' {
  const onHand = stock.onHand + onHandChange;
  if (onHand < stock.reserved) return 'INSUFFICIENT_STOCK';
  if (onHand > maxOnHand) return 'OUT_OF_RANGE';
  return move(stock, { kind: 'ADJUSTED', onHandChange, reservedChange: 0, reason, orderId: null });
}

/** Sets a quantity aside for an order. Whether there is enough was asked before. */
export function reserveFor(orderId: string, stock: Stock, quantity: number): StockMovement {
  return move(stock, {
    kind: 'RESERVED',
    onHandChange: 0,
    reservedChange: quantity,
    reason: `Order ${orderId}`,
    orderId,
  });
}

/** Gives back what was set aside for an order. */
export function releaseFrom(orderId: string, stock: Stock, quantity: number): StockMovement {
  return move(stock, {
    kind: 'RELEASED',
    onHandChange: 0,
    reservedChange: -quantity,
    reason: `Order ${orderId}`,
    orderId,
  });
}

/** @throws when the change would leave a stock that cannot be: a fault of ours, not the caller's. */
function move(stock: Stock, change: StockChange): StockMovement {
  const onHand = stock.onHand + change.onHandChange;
  const reserved = stock.reserved + change.reservedChange;
  if (reserved < 0 || reserved > onHand || onHand > maxOnHand) {
    throw new Error(
      `${change.kind} would leave ${reserved} reserved of ${onHand} of product ${stock.productId}`,
    );
  }
  return { change, stock: { productId: stock.productId, onHand, reserved, version: stock.version + 1 } };
}
