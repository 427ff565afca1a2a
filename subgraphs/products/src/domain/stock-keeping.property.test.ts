import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { propertyRuns } from '../../../../tests/support/property-parameters.ts';
import { createProduct } from './product.ts';
import { decideReservation, releaseReservation, type Offer, type Reservation } from './reservation.ts';
import { adjustStock, available, openStock, type StockChange, type StockMovement } from './stock.ts';

const productIds = ['keyboard', 'hub', 'mat'] as const;
const price = { amount: 100, currency: 'USD' };

type Step =
  | { readonly kind: 'place'; readonly lines: { productId: string; quantity: number }[] }
  | { readonly kind: 'end'; readonly order: number }
  | { readonly kind: 'adjust'; readonly productId: string; readonly change: number };

const productId = fc.constantFrom(...productIds);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('place' as const),
      lines: fc.array(fc.record({ productId, quantity: fc.integer({ min: 1, max: 12 }) }), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
    fc.record({ kind: fc.constant('end' as const), order: fc.nat({ max: 40 }) }),
    fc.record({ kind: fc.constant('adjust' as const), productId, change: fc.integer({ min: -30, max: 30 }) }),
  ),
  { maxLength: 60 },
);

/** A shop in memory: it does what the stores do with what the domain decides. */
class Shop {
  readonly offers = new Map<string, Offer>();
  readonly ledger = new Map<string, StockChange[]>();
  readonly reservations: Reservation[] = [];

  constructor(initialStock: number) {
    for (const id of productIds) {
      const product = createProduct(
        { id, sku: id, name: id, description: '', category: 'desk', price },
        new Date(0),
      );
      const opening = openStock(id, initialStock);
      this.offers.set(id, { product, stock: opening.stock });
      this.ledger.set(id, [opening.change]);
    }
  }

  do(step: Step): void {
    switch (step.kind) {
      case 'place': {
        const orderId = `order-${this.reservations.length}`;
        const lines = step.lines.map((line) => ({ ...line, unitPrice: price }));
        const decision = decideReservation({ orderId, lines }, this.offers);
        const reserved = decision.kind === 'reserve';
        this.reservations.push({
          orderId,
          state: reserved ? 'RESERVED' : 'REJECTED',
          lines: reserved ? decision.lines : [],
        });
        if (reserved) this.record(decision.movements);
        return;
      }
      case 'end': {
        const reservation = this.reservations[step.order];
        if (reservation === undefined) return;
        const stocks = new Map([...this.offers].map(([id, { stock }]) => [id, stock]));
        this.record(releaseReservation(reservation, stocks));
        this.reservations[step.order] = { ...reservation, state: 'RELEASED' };
        return;
      }
      case 'adjust': {
        const movement = adjustStock(this.offers.get(step.productId)!.stock, step.change, 'stocktaking');
        if (typeof movement !== 'string') this.record([movement]);
      }
    }
  }

  private record(movements: readonly StockMovement[]): void {
    for (const { change, stock } of movements) {
      this.offers.set(stock.productId, { ...this.offers.get(stock.productId)!, stock });
      this.ledger.get(stock.productId)!.push(change);
    }
  }
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

describe('any sequence of orders, endings and adjustments', () => {
  it('never sells what is not there, and adds up with its ledger and its reservations', () => {
    fc.assert(
      fc.property(fc.nat({ max: 40 }), steps, (initialStock, sequence) => {
        const shop = new Shop(initialStock);
        for (const step of sequence) {
          shop.do(step);
          for (const [id, { stock }] of shop.offers) {
            const ledger = shop.ledger.get(id)!;
            const held = shop.reservations
              .filter(({ state }) => state === 'RESERVED')
              .flatMap(({ lines }) => lines)
              .filter((line) => line.productId === id);
            expect(available(stock)).toBeGreaterThanOrEqual(0);
            expect(stock.reserved).toBe(sum(held.map(({ quantity }) => quantity)));
            expect(stock.reserved).toBe(sum(ledger.map(({ reservedChange }) => reservedChange)));
            expect(stock.onHand).toBe(sum(ledger.map(({ onHandChange }) => onHandChange)));
            expect(stock.version).toBe(ledger.length);
          }
        }
      }),
      { numRuns: propertyRuns(200) },
    );
  });

  it('has everything back once every order has ended', () => {
    fc.assert(
      fc.property(fc.nat({ max: 40 }), steps, (initialStock, sequence) => {
        const shop = new Shop(initialStock);
        for (const step of sequence) shop.do(step);
        shop.reservations.forEach((_reservation, order) => shop.do({ kind: 'end', order }));
        for (const { stock } of shop.offers.values()) expect(stock.reserved).toBe(0);
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});
