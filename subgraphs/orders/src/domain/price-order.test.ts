import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CustomerId, OrderId, ProductId } from './ids.ts';
import { priceOrder, type CatalogueEntry } from './price-order.ts';

const keyboard = 'keyboard' as ProductId;
const hub = 'hub' as ProductId;
const placing = {
  id: 'order' as OrderId,
  customerId: 'customer' as CustomerId,
  now: new Date('2026-01-31T09:30:00Z'),
  pendingSeconds: 900,
};

function entry(productId: ProductId, change: Partial<CatalogueEntry> = {}): CatalogueEntry {
  return {
    productId,
    name: productId,
    price: { amount: 4_999, currency: 'USD' },
    archived: false,
    ...change,
  };
}

function catalogueOf(...entries: CatalogueEntry[]): Map<ProductId, CatalogueEntry> {
  return new Map(entries.map((one) => [one.productId, one]));
}

describe('pricing an order', () => {
  it('given known products, then the order is pending, costs their sum and expires in time', () => {
    const catalogue = catalogueOf(entry(keyboard), entry(hub, { price: { amount: 2_999, currency: 'USD' } }));

    const pricing = priceOrder(
      [
        { productId: keyboard, quantity: 2 },
        { productId: hub, quantity: 1 },
      ],
      catalogue,
      placing,
    );

    expect(pricing).toMatchObject({
      kind: 'priced',
      order: {
        total: { amount: 12_997, currency: 'USD' },
        expiresAt: new Date('2026-01-31T09:45:00Z'),
        lastStep: { sequence: 1, state: { status: 'PENDING' }, occurredAt: placing.now },
      },
    });
  });

  it('given unknown and archived products, then every one of their lines is named', () => {
    const pricing = priceOrder(
      [
        { productId: keyboard, quantity: 1 },
        { productId: hub, quantity: 1 },
      ],
      catalogueOf(entry(hub, { archived: true })),
      placing,
    );

    expect(pricing).toMatchObject({
      kind: 'refused',
      errors: [
        { code: 'NOT_FOUND', field: ['input', 'lines', '0', 'productId'] },
        { code: 'PRODUCT_UNAVAILABLE', field: ['input', 'lines', '1', 'productId'] },
      ],
    });
  });

  it('given products in two currencies, then it is refused', () => {
    const catalogue = catalogueOf(entry(keyboard), entry(hub, { price: { amount: 1, currency: 'EUR' } }));

    const pricing = priceOrder(
      [
        { productId: keyboard, quantity: 1 },
        { productId: hub, quantity: 1 },
      ],
      catalogue,
      placing,
    );

    expect(pricing).toMatchObject({ kind: 'refused', errors: [{ code: 'MIXED_CURRENCIES' }] });
  });

  it.each([
    { amount: 2 ** 31 - 1, kind: 'priced' },
    { amount: 2 ** 31, kind: 'refused' },
  ])('given a total of $amount minor units, then it is $kind', ({ amount, kind }) => {
    const half = Math.floor(amount / 2);
    const catalogue = catalogueOf(
      entry(keyboard, { price: { amount: half, currency: 'USD' } }),
      entry(hub, { price: { amount: amount - half, currency: 'USD' } }),
    );

    const pricing = priceOrder(
      [
        { productId: keyboard, quantity: 1 },
        { productId: hub, quantity: 1 },
      ],
      catalogue,
      placing,
    );

    expect(pricing.kind).toBe(kind);
  });

  it('given any lines, then the total is the sum of the lines and fits an Int, or the order is refused', () => {
    const lines = fc.uniqueArray(
      fc.record({
        productId: fc.uuid().map((id) => id as ProductId),
        quantity: fc.integer({ min: 1, max: 1_000 }),
        amount: fc.integer({ min: 0, max: 100_000_000 }),
      }),
      { minLength: 1, maxLength: 100, selector: ({ productId }) => productId },
    );
    fc.assert(
      fc.property(lines, (wanted) => {
        const catalogue = catalogueOf(
          ...wanted.map(({ productId, amount }) => entry(productId, { price: { amount, currency: 'USD' } })),
        );
        const sum = wanted.reduce(
          (total, { quantity, amount }) => total + BigInt(quantity) * BigInt(amount),
          0n,
        );

        const pricing = priceOrder(wanted, catalogue, placing);

        if (pricing.kind === 'priced') expect(BigInt(pricing.order.total.amount)).toBe(sum);
        expect(pricing.kind).toBe(sum < 2n ** 31n ? 'priced' : 'refused');
      }),
    );
  });
});
