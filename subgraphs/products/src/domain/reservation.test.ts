import { describe, expect, it } from '@jest/globals';
import { archiveProduct, createProduct } from './product.ts';
import { decideReservation, releaseReservation, type Offer, type OrderLine } from './reservation.ts';

const price = { amount: 4_999, currency: 'USD' };

function offer(id: string, onHand: number, options: { reserved?: number; archived?: boolean } = {}): Offer {
  const product = createProduct(
    { id, sku: id, name: id, description: '', category: 'desk', price },
    new Date(0),
  );
  return {
    product: options.archived === true ? archiveProduct(product, new Date(1)) : product,
    stock: { productId: id, onHand, reserved: options.reserved ?? 0, version: 1 },
  };
}

const offersOf = (...offers: Offer[]) => new Map(offers.map((one) => [one.product.id, one]));

const line = (productId: string, quantity: number, unitPrice = price): OrderLine => ({
  productId,
  quantity,
  unitPrice,
});

const decide = (lines: OrderLine[], ...offers: Offer[]) =>
  decideReservation({ orderId: 'order', lines }, offersOf(...offers));

describe('deciding about an order', () => {
  it('reserves every line when there is enough of everything', () => {
    const decision = decide([line('keyboard', 2), line('hub', 1)], offer('keyboard', 2), offer('hub', 5));

    expect(decision).toMatchObject({
      kind: 'reserve',
      lines: [
        { productId: 'keyboard', quantity: 2 },
        { productId: 'hub', quantity: 1 },
      ],
      movements: [{ stock: { onHand: 2, reserved: 2 } }, { stock: { onHand: 5, reserved: 1 } }],
    });
  });

  it('does not count what is set aside for others', () => {
    expect(decide([line('keyboard', 3)], offer('keyboard', 10, { reserved: 8 }))).toEqual({
      kind: 'reject',
      reason: 'OUT_OF_STOCK',
      lines: [{ productId: 'keyboard', requested: 3, available: 2 }],
    });
  });

  it('adds up lines that name one product', () => {
    expect(decide([line('keyboard', 2), line('keyboard', 2)], offer('keyboard', 3))).toEqual({
      kind: 'reject',
      reason: 'OUT_OF_STOCK',
      lines: [{ productId: 'keyboard', requested: 4, available: 3 }],
    });
    expect(decide([line('keyboard', 2), line('keyboard', 1)], offer('keyboard', 3))).toMatchObject({
      lines: [{ productId: 'keyboard', quantity: 3 }],
      movements: [{ stock: { reserved: 3 } }],
    });
  });

  it.each([
    ['another amount', { amount: 4_998, currency: 'USD' }],
    ['another currency', { amount: 4_999, currency: 'EUR' }],
  ])('rejects a line that was priced at %s', (_what, unitPrice) => {
    expect(decide([line('keyboard', 1, unitPrice)], offer('keyboard', 3))).toEqual({
      kind: 'reject',
      reason: 'PRICE_CHANGED',
      lines: [{ productId: 'keyboard', requested: 1, available: 3 }],
    });
  });

  it('rejects a line whose product is archived or unknown, of which there is nothing to be had', () => {
    const decision = decide(
      [line('keyboard', 1), line('gone', 2), line('unheard-of', 3)],
      offer('keyboard', 3),
      offer('gone', 9, { archived: true }),
    );

    expect(decision).toEqual({
      kind: 'reject',
      reason: 'PRODUCT_UNAVAILABLE',
      lines: [
        { productId: 'gone', requested: 2, available: 0 },
        { productId: 'unheard-of', requested: 3, available: 0 },
      ],
    });
  });

  it('names the reason that waiting mends least', () => {
    const cheaper = { amount: 1, currency: 'USD' };
    const short = line('short', 9);
    const repriced = line('repriced', 1, cheaper);
    const offers = [offer('short', 1), offer('repriced', 1)];

    expect(decide([short, repriced], ...offers)).toMatchObject({ reason: 'PRICE_CHANGED' });
    expect(decide([short, repriced, line('gone', 1)], ...offers)).toMatchObject({
      reason: 'PRODUCT_UNAVAILABLE',
    });
  });
});

describe('releasing a reservation', () => {
  const lines = [{ productId: 'keyboard', quantity: 2 }];
  const stocks = new Map([['keyboard', { productId: 'keyboard', onHand: 5, reserved: 3, version: 4 }]]);

  it('gives back what was set aside', () => {
    expect(releaseReservation({ orderId: 'order', state: 'RESERVED', lines }, stocks)).toMatchObject([
      {
        change: { kind: 'RELEASED', reservedChange: -2, orderId: 'order' },
        stock: { onHand: 5, reserved: 1, version: 5 },
      },
    ]);
  });

  it.each(['RELEASED', 'REJECTED'] as const)('gives nothing back of one that is %s', (state) => {
    expect(releaseReservation({ orderId: 'order', state, lines }, stocks)).toEqual([]);
  });
});
