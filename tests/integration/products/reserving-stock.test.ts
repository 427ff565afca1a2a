import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { inbox } from '@trellis/outbox';
import { sql } from 'drizzle-orm';
import { archiveProduct } from '../../../subgraphs/products/src/application/archive-product.ts';
import { updateProduct } from '../../../subgraphs/products/src/application/update-product.ts';
import { describeOrderConsumers, taken } from './order-consumers-under-test.ts';
import { line, orderPlaced, stockChanges } from './order-events.ts';
import { changesOf } from './stored-products.ts';

describeOrderConsumers('stock for an order that was placed', (products) => {
  it('sets every line aside and says so', async () => {
    const keyboard = await products.inStock(10);
    const hub = await products.inStock(5, 2_999);
    const orderId = randomUUID();

    const outcome = await products.deliver(
      orderPlaced(orderId, [line(keyboard, 2), line(hub, 5)], { correlationId: 'checkout-1' }),
    );

    expect(outcome).toEqual(taken);
    expect(await products.stockOf(keyboard)).toEqual({ onHand: 10, reserved: 2 });
    expect(await products.stockOf(hub)).toEqual({ onHand: 5, reserved: 5 });
    expect(await products.answers()).toMatchObject([
      {
        type: 'products.stock-reserved.v1',
        subject: orderId,
        correlationid: 'checkout-1',
        data: { orderId },
      },
    ]);
    expect(stockChanges(await products.published())).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          productId: keyboard.id,
          stockVersion: 2,
          onHand: 10,
          reserved: 2,
          available: 8,
        }),
        expect.objectContaining({ productId: hub.id, stockVersion: 2, onHand: 5, reserved: 5, available: 0 }),
      ]),
    );
  });

  it('sets nothing aside when one line of several is short', async () => {
    const keyboard = await products.inStock(10);
    const hub = await products.inStock(1);
    const orderId = randomUUID();

    await products.deliver(orderPlaced(orderId, [line(keyboard, 2), line(hub, 2)]));

    expect(await products.stockOf(keyboard)).toEqual({ onHand: 10, reserved: 0 });
    expect(await products.stockOf(hub)).toEqual({ onHand: 1, reserved: 0 });
    expect(await products.published()).toMatchObject([
      {
        type: 'products.stock-rejected.v1',
        data: { orderId, reason: 'OUT_OF_STOCK', lines: [{ productId: hub.id, requested: 2, available: 1 }] },
      },
    ]);
  });

  it('rejects an order that was priced before the price changed', async () => {
    const keyboard = await products.inStock(10);
    await updateProduct(changesOf(products.database), {
      id: keyboard.id,
      price: { amount: 5_499, currency: 'USD' },
    });

    await products.deliver(orderPlaced(randomUUID(), [line(keyboard, 1)]));

    expect(await products.answers()).toMatchObject([{ data: { reason: 'PRICE_CHANGED' } }]);
    expect(await products.stockOf(keyboard)).toEqual({ onHand: 10, reserved: 0 });
  });

  it('rejects an order for a product that is archived, or that nobody knows', async () => {
    const keyboard = await products.inStock(10);
    await archiveProduct(changesOf(products.database), keyboard.id);
    const unknown = { ...keyboard, id: randomUUID() };

    await products.deliver(orderPlaced(randomUUID(), [line(keyboard, 1)]));
    await products.deliver(orderPlaced(randomUUID(), [line(unknown, 1)]));

    expect(await products.answers()).toMatchObject([
      {
        data: {
          reason: 'PRODUCT_UNAVAILABLE',
          lines: [{ productId: keyboard.id, requested: 1, available: 0 }],
        },
      },
      {
        data: {
          reason: 'PRODUCT_UNAVAILABLE',
          lines: [{ productId: unknown.id, requested: 1, available: 0 }],
        },
      },
    ]);
  });

  it('acts once on an event that is delivered twice, at the same moment or later', async () => {
    const keyboard = await products.inStock(10);
    const placed = orderPlaced(randomUUID(), [line(keyboard, 1)]);

    await Promise.all([products.deliver(placed), products.deliver(placed)]);
    await products.deliver(placed);

    expect(await products.stockOf(keyboard)).toEqual({ onHand: 10, reserved: 1 });
    expect(await products.answers()).toHaveLength(1);
  });

  it('acts once on an order that is told twice, in two events', async () => {
    const keyboard = await products.inStock(10);
    const orderId = randomUUID();

    await Promise.all([1, 2].map(() => products.deliver(orderPlaced(orderId, [line(keyboard, 1)]))));

    expect(await products.stockOf(keyboard)).toEqual({ onHand: 10, reserved: 1 });
    expect(await products.answers()).toHaveLength(1);
  });

  it('gives exactly the last ten of a product to a hundred customers who want one', async () => {
    const keyboard = await products.inStock(10);

    await Promise.all(
      Array.from({ length: 100 }, () => products.deliver(orderPlaced(randomUUID(), [line(keyboard, 1)]))),
    );

    const types = (await products.answers()).map(({ type }) => type);
    expect(types.filter((type) => type === 'products.stock-reserved.v1')).toHaveLength(10);
    expect(types.filter((type) => type === 'products.stock-rejected.v1')).toHaveLength(90);
    expect(await products.stockOf(keyboard)).toEqual({ onHand: 10, reserved: 10 });
    await products.expectLedgerToAddUp();
  });

  it('serves orders that name the same products in opposite orders without a deadlock', async () => {
    const keyboard = await products.inStock(100);
    const hub = await products.inStock(100);

    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) => {
        const lines = [line(keyboard, 1), line(hub, 1)];
        return products.deliver(orderPlaced(randomUUID(), index % 2 === 0 ? lines : lines.reverse()));
      }),
    );

    expect(outcomes).toEqual(Array(40).fill(taken));
    expect(await products.stockOf(keyboard)).toEqual({ onHand: 100, reserved: 40 });
    expect(await products.stockOf(hub)).toEqual({ onHand: 100, reserved: 40 });
    expect(products.transactions).toBe(40); // one that met a deadlock would have been run again, unseen
  });

  it('leaves nothing behind, and stays willing, when the transaction fails half-way', async () => {
    const keyboard = await products.inStock(10);
    const placed = orderPlaced(randomUUID(), [line(keyboard, 1)]);
    await products.database.query.execute(sql`alter table outbox add constraint broken check (attempts > 0)`);

    await expect(products.deliver(placed)).rejects.toThrow();
    await products.database.query.execute(sql`alter table outbox drop constraint broken`);

    expect(await products.stockOf(keyboard)).toEqual({ onHand: 10, reserved: 0 });
    expect(await products.database.query.select().from(inbox)).toEqual([]);
    await products.deliver(placed);
    expect(await products.stockOf(keyboard)).toEqual({ onHand: 10, reserved: 1 });
  });
});
