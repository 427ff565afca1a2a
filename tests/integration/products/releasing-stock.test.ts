import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { reservations, stockLedger } from '../../../subgraphs/products/src/persistence/schema.ts';
import { describeOrderConsumers, taken } from './order-consumers-under-test.ts';
import { line, orderEnded, orderPlaced, stockChanges } from './order-events.ts';

describeOrderConsumers('stock of an order that ended', (products) => {
  it.each(['orders.order-cancelled.v1', 'orders.order-expired.v1'] as const)(
    'gives everything back on %s',
    async (type) => {
      const keyboard = await products.inStock(10);
      const orderId = randomUUID();
      await products.deliver(orderPlaced(orderId, [line(keyboard, 3)]));

      await products.deliver(orderEnded(type, orderId));

      expect(await products.stockOf(keyboard)).toEqual({ onHand: 10, reserved: 0 });
      expect(stockChanges(await products.published()).at(-1)).toMatchObject({
        stockVersion: 3,
        reserved: 0,
        available: 10,
      });
      const ledger = await products.database.query
        .select()
        .from(stockLedger)
        .orderBy(stockLedger.stockVersion);
      expect(ledger).toMatchObject([
        { kind: 'INITIAL', onHandChange: 10, reservedChange: 0, orderId: null },
        { kind: 'RESERVED', onHandChange: 0, reservedChange: 3, orderId },
        { kind: 'RELEASED', onHandChange: 0, reservedChange: -3, orderId },
      ]);
    },
  );

  it('gives back once, however often and by whichever event the order ends', async () => {
    const keyboard = await products.inStock(10);
    const orderId = randomUUID();
    await products.deliver(orderPlaced(orderId, [line(keyboard, 3)]));
    await products.deliver(orderPlaced(randomUUID(), [line(keyboard, 4)]));
    const cancelled = orderEnded('orders.order-cancelled.v1', orderId);

    await Promise.all([
      products.deliver(cancelled),
      products.deliver(cancelled),
      products.deliver(orderEnded('orders.order-expired.v1', orderId)),
    ]);
    await products.deliver(orderEnded('orders.order-cancelled.v1', orderId));

    expect(await products.stockOf(keyboard)).toEqual({ onHand: 10, reserved: 4 });
  });

  it('sets nothing aside for an order whose end came first, and does not answer it', async () => {
    const keyboard = await products.inStock(10);
    const orderId = randomUUID();
    await products.deliver(orderEnded('orders.order-cancelled.v1', orderId));

    const outcome = await products.deliver(orderPlaced(orderId, [line(keyboard, 1)]));

    expect(outcome).toEqual(taken);
    expect(await products.stockOf(keyboard)).toEqual({ onHand: 10, reserved: 0 });
    expect(await products.published()).toEqual([]);
  });

  it('holds nothing after an order is placed and cancelled at the same moment', async () => {
    const keyboard = await products.inStock(100);
    const orders = Array.from({ length: 20 }, () => randomUUID());

    await Promise.all(
      orders.flatMap((orderId) => [
        products.deliver(orderPlaced(orderId, [line(keyboard, 1)])),
        products.deliver(orderEnded('orders.order-cancelled.v1', orderId)),
      ]),
    );

    expect(await products.stockOf(keyboard)).toEqual({ onHand: 100, reserved: 0 });
    await products.expectLedgerToAddUp();
  });

  it('gives nothing back for an order that was rejected', async () => {
    const keyboard = await products.inStock(1);
    const orderId = randomUUID();
    await products.deliver(orderPlaced(orderId, [line(keyboard, 2)]));

    await products.deliver(orderEnded('orders.order-expired.v1', orderId));

    expect(await products.stockOf(keyboard)).toEqual({ onHand: 1, reserved: 0 });
    const [row] = await products.database.query.select().from(reservations);
    expect(row).toMatchObject({ state: 'REJECTED', reason: 'OUT_OF_STOCK' });
  });
});
