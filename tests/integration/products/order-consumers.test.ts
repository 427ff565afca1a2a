import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from '@jest/globals';
import { createEvent, type CloudEvent, type EventType } from '@trellis/event-contracts';
import type { EventSubscription, HandlerOutcome } from '@trellis/messaging';
import { inbox, outbox } from '@trellis/outbox';
import { eq, sql } from 'drizzle-orm';
import { describeOnEveryDatabase } from '../../support/databases.ts';
import { archiveProduct } from '../../../subgraphs/products/src/application/archive-product.ts';
import { updateProduct } from '../../../subgraphs/products/src/application/update-product.ts';
import type { Product } from '../../../subgraphs/products/src/domain/product.ts';
import type { OrderLine } from '../../../subgraphs/products/src/domain/reservation.ts';
import { reservations, stock, stockLedger } from '../../../subgraphs/products/src/persistence/schema.ts';
import { createStorage } from '../../../subgraphs/products/src/storage.ts';
import { addProduct, changesOf, emptyTables, eventsOf, migrations } from './stored-products.ts';
import { createOrderConsumers } from '../../../subgraphs/products/src/messaging/order-consumers.ts';

const ack: HandlerOutcome = { kind: 'ack' };

describeOnEveryDatabase("the products' part in the order saga", migrations, (subject) => {
  const changes = () => changesOf(subject.database);
  /** How many transactions were begun for the deliveries of a test. */
  let transactions = 0;

  /** Hands an event to its consumer, as the bus does. */
  async function deliver(event: CloudEvent): Promise<HandlerOutcome> {
    const { database } = subject;
    const { unitOfWork, now } = createStorage(database);
    const consumer = createOrderConsumers({
      database,
      now,
      unitOfWork(tx, origin) {
        transactions += 1;
        return unitOfWork(tx, origin);
      },
    }).find((candidate: EventSubscription) => candidate.eventType === event.type);
    return consumer!.handle(event);
  }

  async function productInStock(initialStock: number, amount = 4_999): Promise<Product> {
    const product = await addProduct(subject.database, { initialStock, price: { amount, currency: 'USD' } });
    await subject.database.query.delete(outbox); // what follows is about the answers to orders
    return product;
  }

  const stockOf = async ({ id }: Product) => {
    const [row] = await subject.database.query.select().from(stock).where(eq(stock.productId, id));
    return { onHand: row?.onHand, reserved: row?.reserved };
  };

  const published = () => eventsOf(subject.database);

  const answers = async () =>
    (await published()).filter(
      ({ type }) => type === 'products.stock-reserved.v1' || type === 'products.stock-rejected.v1',
    );

  beforeEach(async () => {
    transactions = 0;
    await emptyTables(subject.database);
  });

  it('sets every line aside and says so', async () => {
    const keyboard = await productInStock(10);
    const hub = await productInStock(5, 2_999);
    const orderId = randomUUID();

    const outcome = await deliver(
      orderPlaced(orderId, [line(keyboard, 2), line(hub, 5)], { correlationId: 'checkout-1' }),
    );

    expect(outcome).toEqual(ack);
    expect(await stockOf(keyboard)).toEqual({ onHand: 10, reserved: 2 });
    expect(await stockOf(hub)).toEqual({ onHand: 5, reserved: 5 });
    expect(await answers()).toMatchObject([
      {
        type: 'products.stock-reserved.v1',
        subject: orderId,
        correlationid: 'checkout-1',
        data: { orderId },
      },
    ]);
    expect(stockChanges(await published())).toEqual(
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
    const keyboard = await productInStock(10);
    const hub = await productInStock(1);
    const orderId = randomUUID();

    await deliver(orderPlaced(orderId, [line(keyboard, 2), line(hub, 2)]));

    expect(await stockOf(keyboard)).toEqual({ onHand: 10, reserved: 0 });
    expect(await stockOf(hub)).toEqual({ onHand: 1, reserved: 0 });
    expect(await published()).toMatchObject([
      {
        type: 'products.stock-rejected.v1',
        data: { orderId, reason: 'OUT_OF_STOCK', lines: [{ productId: hub.id, requested: 2, available: 1 }] },
      },
    ]);
  });

  it('rejects an order that was priced before the price changed', async () => {
    const keyboard = await productInStock(10);
    await updateProduct(changes(), { id: keyboard.id, price: { amount: 5_499, currency: 'USD' } });

    await deliver(orderPlaced(randomUUID(), [line(keyboard, 1)]));

    expect(await answers()).toMatchObject([{ data: { reason: 'PRICE_CHANGED' } }]);
    expect(await stockOf(keyboard)).toEqual({ onHand: 10, reserved: 0 });
  });

  it('rejects an order for a product that is archived, or that nobody knows', async () => {
    const keyboard = await productInStock(10);
    await archiveProduct(changes(), keyboard.id);
    const unknown = { ...keyboard, id: randomUUID() };

    await deliver(orderPlaced(randomUUID(), [line(keyboard, 1)]));
    await deliver(orderPlaced(randomUUID(), [line(unknown, 1)]));

    expect(await answers()).toMatchObject([
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
    const keyboard = await productInStock(10);
    const placed = orderPlaced(randomUUID(), [line(keyboard, 1)]);

    await Promise.all([deliver(placed), deliver(placed)]);
    await deliver(placed);

    expect(await stockOf(keyboard)).toEqual({ onHand: 10, reserved: 1 });
    expect(await answers()).toHaveLength(1);
  });

  it('acts once on an order that is told twice, in two events', async () => {
    const keyboard = await productInStock(10);
    const orderId = randomUUID();

    await Promise.all([1, 2].map(() => deliver(orderPlaced(orderId, [line(keyboard, 1)]))));

    expect(await stockOf(keyboard)).toEqual({ onHand: 10, reserved: 1 });
    expect(await answers()).toHaveLength(1);
  });

  it.each(['orders.order-cancelled.v1', 'orders.order-expired.v1'] as const)(
    'gives everything back on %s',
    async (type) => {
      const keyboard = await productInStock(10);
      const orderId = randomUUID();
      await deliver(orderPlaced(orderId, [line(keyboard, 3)]));

      await deliver(orderEnded(type, orderId));

      expect(await stockOf(keyboard)).toEqual({ onHand: 10, reserved: 0 });
      expect(stockChanges(await published()).at(-1)).toMatchObject({
        stockVersion: 3,
        reserved: 0,
        available: 10,
      });
      const ledger = await subject.database.query
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
    const keyboard = await productInStock(10);
    const orderId = randomUUID();
    await deliver(orderPlaced(orderId, [line(keyboard, 3)]));
    await deliver(orderPlaced(randomUUID(), [line(keyboard, 4)]));
    const cancelled = orderEnded('orders.order-cancelled.v1', orderId);

    await Promise.all([
      deliver(cancelled),
      deliver(cancelled),
      deliver(orderEnded('orders.order-expired.v1', orderId)),
    ]);
    await deliver(orderEnded('orders.order-cancelled.v1', orderId));

    expect(await stockOf(keyboard)).toEqual({ onHand: 10, reserved: 4 });
  });

  it('sets nothing aside for an order whose end came first, and does not answer it', async () => {
    const keyboard = await productInStock(10);
    const orderId = randomUUID();
    await deliver(orderEnded('orders.order-cancelled.v1', orderId));

    const outcome = await deliver(orderPlaced(orderId, [line(keyboard, 1)]));

    expect(outcome).toEqual(ack);
    expect(await stockOf(keyboard)).toEqual({ onHand: 10, reserved: 0 });
    expect(await published()).toEqual([]);
  });

  it('holds nothing after an order is placed and cancelled at the same moment', async () => {
    const keyboard = await productInStock(100);
    const orders = Array.from({ length: 20 }, () => randomUUID());

    await Promise.all(
      orders.flatMap((orderId) => [
        deliver(orderPlaced(orderId, [line(keyboard, 1)])),
        deliver(orderEnded('orders.order-cancelled.v1', orderId)),
      ]),
    );

    expect(await stockOf(keyboard)).toEqual({ onHand: 100, reserved: 0 });
    await expectLedgerToAddUp();
  });

  it('gives nothing back for an order that was rejected', async () => {
    const keyboard = await productInStock(1);
    const orderId = randomUUID();
    await deliver(orderPlaced(orderId, [line(keyboard, 2)]));

    await deliver(orderEnded('orders.order-expired.v1', orderId));

    expect(await stockOf(keyboard)).toEqual({ onHand: 1, reserved: 0 });
    const [row] = await subject.database.query.select().from(reservations);
    expect(row).toMatchObject({ state: 'REJECTED', reason: 'OUT_OF_STOCK' });
  });

  it('gives exactly the last ten of a product to a hundred customers who want one', async () => {
    const keyboard = await productInStock(10);

    await Promise.all(
      Array.from({ length: 100 }, () => deliver(orderPlaced(randomUUID(), [line(keyboard, 1)]))),
    );

    const types = (await answers()).map(({ type }) => type);
    expect(types.filter((type) => type === 'products.stock-reserved.v1')).toHaveLength(10);
    expect(types.filter((type) => type === 'products.stock-rejected.v1')).toHaveLength(90);
    expect(await stockOf(keyboard)).toEqual({ onHand: 10, reserved: 10 });
    await expectLedgerToAddUp();
  });

  it('serves orders that name the same products in opposite orders without a deadlock', async () => {
    const keyboard = await productInStock(100);
    const hub = await productInStock(100);

    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) => {
        const lines = [line(keyboard, 1), line(hub, 1)];
        return deliver(orderPlaced(randomUUID(), index % 2 === 0 ? lines : lines.reverse()));
      }),
    );

    expect(outcomes).toEqual(Array(40).fill(ack));
    expect(await stockOf(keyboard)).toEqual({ onHand: 100, reserved: 40 });
    expect(await stockOf(hub)).toEqual({ onHand: 100, reserved: 40 });
    expect(transactions).toBe(40); // one that met a deadlock would have been run again, unseen
  });

  it('leaves nothing behind, and stays willing, when the transaction fails half-way', async () => {
    const keyboard = await productInStock(10);
    const placed = orderPlaced(randomUUID(), [line(keyboard, 1)]);
    await subject.database.query.execute(sql`alter table outbox add constraint broken check (attempts > 0)`);

    await expect(deliver(placed)).rejects.toThrow();
    await subject.database.query.execute(sql`alter table outbox drop constraint broken`);

    expect(await stockOf(keyboard)).toEqual({ onHand: 10, reserved: 0 });
    expect(await subject.database.query.select().from(inbox)).toEqual([]);
    await deliver(placed);
    expect(await stockOf(keyboard)).toEqual({ onHand: 10, reserved: 1 });
  });

  async function expectLedgerToAddUp(): Promise<void> {
    const sums = await subject.database.query
      .select({
        onHand: sql<number>`sum(${stockLedger.onHandChange})::int`,
        reserved: sql<number>`sum(${stockLedger.reservedChange})::int`,
        version: sql<number>`count(*)::int`,
        productId: stockLedger.productId,
      })
      .from(stockLedger)
      .groupBy(stockLedger.productId);
    expect(sums).toEqual(expect.arrayContaining(await subject.database.query.select().from(stock)));
  }
});

function line(product: Product, quantity: number): OrderLine {
  return { productId: product.id, quantity, unitPrice: product.price };
}

function orderPlaced(
  orderId: string,
  lines: readonly OrderLine[],
  origin: { correlationId?: string } = {},
): CloudEvent {
  return createEvent({
    type: 'orders.order-placed.v1',
    id: randomUUID(),
    subject: orderId,
    time: new Date(),
    ...origin,
    data: {
      orderId,
      customerId: randomUUID(),
      sequence: 1,
      total: { amount: 0, currency: 'USD' },
      lines: lines.map(({ unitPrice, ...rest }) => ({ ...rest, unitPrice: { ...unitPrice } })),
      expiresAt: new Date(Date.now() + 900_000).toISOString(),
    },
  });
}

function orderEnded(
  type: Extract<EventType, 'orders.order-cancelled.v1' | 'orders.order-expired.v1'>,
  orderId: string,
): CloudEvent {
  return createEvent({
    type,
    id: randomUUID(),
    subject: orderId,
    time: new Date(),
    data: { orderId, customerId: randomUUID(), sequence: 2, total: { amount: 0, currency: 'USD' } },
  });
}

function stockChanges(events: readonly CloudEvent[]): unknown[] {
  return events.filter(({ type }) => type === 'products.stock-changed.v1').map(({ data }) => data);
}
