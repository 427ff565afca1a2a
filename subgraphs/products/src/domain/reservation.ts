import { sameMoney, type Money } from './money.ts';
import { isArchived, type Product } from './product.ts';
import { available, releaseFrom, reserveFor, type Stock, type StockMovement } from './stock.ts';

/** What became of an order's wish for stock. */
export type ReservationState = 'RESERVED' | 'REJECTED' | 'RELEASED';

/** Why an order got nothing. */
export type RejectionReason = 'OUT_OF_STOCK' | 'PRICE_CHANGED' | 'PRODUCT_UNAVAILABLE';

/** What ended an order that may have held stock. */
export type EndReason = 'CANCELLED' | 'EXPIRED';

/** An order that asks for its stock. */
export interface OrderToReserve {
  readonly orderId: string;
  readonly lines: readonly OrderLine[];
}

export interface OrderLine {
  readonly productId: string;
  readonly quantity: number;
  /** What the customer was told that one costs. */
  readonly unitPrice: Money;
}

/** How many of a product are set aside for an order. */
interface ReservedLine {
  readonly productId: string;
  readonly quantity: number;
}

/** A line that an order was rejected for. */
export interface LineAtFault {
  readonly productId: string;
  readonly requested: number;
  readonly available: number;
}

/** What is known of an order's stock. One row an order, whatever came of it. */
export interface Reservation {
  readonly orderId: string;
  readonly state: ReservationState;
  /** Empty unless something was set aside. */
  readonly lines: readonly ReservedLine[];
}

/** A product as it can be ordered now. */
export interface Offer {
  readonly product: Product;
  readonly stock: Stock;
}

export type ReservationDecision =
  | {
      readonly kind: 'reserve';
      readonly lines: readonly ReservedLine[];
      readonly movements: readonly StockMovement[];
    }
  | { readonly kind: 'reject'; readonly reason: RejectionReason; readonly lines: readonly LineAtFault[] };

/**
 * Decides whether an order gets its stock: all of its lines, or none. Rejected for several reasons at once it is told the one that waiting
 * mends least: a product that is gone, then a price that changed, then a stock that is short.
 * @param offers by product id; a product that is missing is unknown.
 */
export function decideReservation(
  order: OrderToReserve,
  offers: ReadonlyMap<string, Offer>,
): ReservationDecision {
  const wanted = quantitiesByProduct(order.lines);
  const atFault = (reason: RejectionReason, productIds: ReadonlySet<string>): ReservationDecision => ({
    kind: 'reject',
    reason,
    lines: [...productIds].map((productId) => ({
      productId,
      requested: wanted.get(productId) ?? 0,
      available: availableOf(offers.get(productId)),
    })),
  });

  const unavailable = productsOf(order.lines, ({ productId }) => !canBeOrdered(offers.get(productId)));
  if (unavailable.size > 0) return atFault('PRODUCT_UNAVAILABLE', unavailable);

  const repriced = productsOf(order.lines, ({ productId, unitPrice }) => {
    const offer = offers.get(productId);
    return offer === undefined || !sameMoney(offer.product.price, unitPrice);
  });
  if (repriced.size > 0) return atFault('PRICE_CHANGED', repriced);

  const short = productsOf(
    order.lines,
    ({ productId }) => availableOf(offers.get(productId)) < (wanted.get(productId) ?? 0),
  );
  if (short.size > 0) return atFault('OUT_OF_STOCK', short);

  const lines = [...wanted].map(([productId, quantity]) => ({ productId, quantity }));
  return {
    kind: 'reserve',
    lines,
    movements: lines.flatMap(({ productId, quantity }) => {
      const offer = offers.get(productId);
      return offer === undefined ? [] : [reserveFor(order.orderId, offer.stock, quantity)];
    }),
  };
}

/**
 * Gives back what an order held.
 * @param stocks of the products in the reservation's lines, by product id.
 * @returns no movement for an order that holds nothing: one that was rejected, or released before.
 */
export function releaseReservation(
  reservation: Reservation,
  stocks: ReadonlyMap<string, Stock>,
): readonly StockMovement[] {
  if (reservation.state !== 'RESERVED') return [];
  return reservation.lines.map(({ productId, quantity }) => {
    const stock = stocks.get(productId);
    if (stock === undefined) throw new Error(`product ${productId} has a reservation and no stock`);
    return releaseFrom(reservation.orderId, stock, quantity);
  });
}

function canBeOrdered(offer: Offer | undefined): boolean {
  return offer !== undefined && !isArchived(offer.product);
}

/** How many of a product an order could get now: none of one that is archived or unknown. */
function availableOf(offer: Offer | undefined): number {
  return offer === undefined || isArchived(offer.product) ? 0 : available(offer.stock);
}

/** One quantity a product, should an order name it twice: checked line by line, two halves could pass where the whole does not. */
function quantitiesByProduct(lines: readonly OrderLine[]): Map<string, number> {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of lines) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  return quantities;
}

function productsOf(lines: readonly OrderLine[], holds: (line: OrderLine) => boolean): Set<string> {
  return new Set(lines.filter(holds).map(({ productId }) => productId));
}
