import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createEvent } from '@trellis/event-contracts';
import { waitFor } from '../../support/wait-for.ts';
import { addProduct, dataOf, describeProductsService, mutate } from './products-under-test.ts';

describeProductsService('the stock of products', (products) => {
  describe('checking stock', () => {
    const checkStock = async (lines: { productId: string; quantity: number }[]) => {
      const data = await dataOf<{ checkStock: unknown }>(
        products,
        `query ($lines: [StockCheckLine!]!) { checkStock(lines: $lines) {
          sufficient lines { product { id } productId requested available sufficient } userErrors { code field } } }`,
        { lines },
      );
      return data.checkStock;
    };

    it('says of each line whether it could be had', async () => {
      const id = await addProduct(products, { initialStock: 3 });
      const unknown = randomUUID();

      expect(await checkStock([{ productId: id, quantity: 3 }])).toMatchObject({ sufficient: true });
      expect(
        await checkStock([
          { productId: id.toUpperCase(), quantity: 4 },
          { productId: unknown, quantity: 1 },
          { productId: 'nonsense', quantity: 1 },
        ]),
      ).toEqual({
        sufficient: false,
        lines: [
          { product: { id }, productId: id.toUpperCase(), requested: 4, available: 3, sufficient: false },
          { product: null, productId: unknown, requested: 1, available: 0, sufficient: false },
          { product: null, productId: 'nonsense', requested: 1, available: 0, sufficient: false },
        ],
        userErrors: [],
      });
    });

    it('promises nothing of an archived product', async () => {
      const id = await addProduct(products, { initialStock: 3 });
      await mutate(products, 'archiveProduct', 'id', id);

      expect(await checkStock([{ productId: id, quantity: 1 }])).toMatchObject({
        sufficient: false,
        lines: [{ product: { id }, available: 0, sufficient: false }],
      });
    });

    const line = (quantity: number, productId: string = randomUUID()) => ({ productId, quantity });
    const twice = randomUUID();
    it.each([
      ['no lines', [], 'REQUIRED', ['lines']],
      ['10,000 lines', Array.from({ length: 10_000 }, () => line(1)), 'TOO_LONG', ['lines']],
      ['a quantity of 0', [line(1), line(0)], 'OUT_OF_RANGE', ['lines', '1', 'quantity']],
      ['a negative quantity', [line(-1)], 'OUT_OF_RANGE', ['lines', '0', 'quantity']],
      ['a quantity of 1,001', [line(1_001)], 'OUT_OF_RANGE', ['lines', '0', 'quantity']],
      [
        'a product twice',
        [line(1, twice), line(1, twice.toUpperCase())],
        'INVALID',
        ['lines', '1', 'productId'],
      ],
    ])('refuses %s', async (_what, lines, code, field) => {
      expect(await checkStock(lines)).toEqual({
        sufficient: false,
        lines: [],
        userErrors: [{ code, field }],
      });
    });
  });

  it('reserves stock for an order that comes over the bus, and answers over the bus', async () => {
    const productId = await addProduct(products, { initialStock: 2 });
    const orderId = randomUUID();

    await products.deliver(
      createEvent({
        type: 'orders.order-placed.v1',
        id: randomUUID(),
        subject: orderId,
        time: new Date(),
        data: {
          orderId,
          customerId: randomUUID(),
          sequence: 1,
          total: { amount: 2_000, currency: 'USD' },
          lines: [{ productId, quantity: 2, unitPrice: { amount: 1_000, currency: 'USD' } }],
          expiresAt: new Date().toISOString(),
        },
      }),
    );

    await waitFor('the answer to the order', () =>
      products.published.some(({ subject }) => subject === orderId),
    );
    const data = await dataOf(
      products,
      'query ($id: ID!) { product(id: $id) { stock { onHand reserved available ledger(first: 1) { nodes { kind reason } } } } }',
      { id: productId },
    );
    expect(data).toEqual({
      product: {
        stock: {
          onHand: 2,
          reserved: 2,
          available: 0,
          ledger: { nodes: [{ kind: 'RESERVED', reason: `Order ${orderId}` }] },
        },
      },
    });
  });
});
