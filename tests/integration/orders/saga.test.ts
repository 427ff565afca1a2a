import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { waitFor } from '../../support/wait-for.ts';
import { aSentence } from '../../support/a-sentence.ts';
import { describeOrdersService } from './support/orders-service.ts';
import { cancelOrder, orderById, ordersOf, placedOrder, placeOrder } from './support/requests.ts';

const statusesOf = (order: { timeline: readonly { sequence: number; status: string }[] } | null) =>
  order?.timeline.map(({ sequence, status }) => `${sequence} ${status}`);

describeOrdersService('the orders side of the saga', (orders) => {
  const reserved = (orderId: string) => orders.tell('products.stock-reserved.v1', { orderId });
  const rejected = (orderId: string, productId: string = randomUUID()) =>
    orders.tell('products.stock-rejected.v1', {
      orderId,
      reason: 'OUT_OF_STOCK',
      lines: [{ productId, requested: 5, available: 2 }],
    });
  const publishedOf = (orderId: string) => orders.published.filter(({ subject }) => subject === orderId);
  const typesOf = (orderId: string) =>
    publishedOf(orderId).map(({ type }) => type.replace(/^orders.order-(\w+).v1$/, '$1'));

  describe('when the stock is reserved', () => {
    it('confirms the order and says so, with the correlation of what it was told', async () => {
      const customer = orders.customer();
      const { id } = await placedOrder(customer, await orders.product());

      await orders.tell('products.stock-reserved.v1', { orderId: id }, { correlationId: 'request-7' });

      expect(statusesOf(await orderById(customer, id))).toEqual(['1 PENDING', '2 CONFIRMED']);
      await waitFor('OrderConfirmed', () => publishedOf(id).length === 2);
      expect(publishedOf(id)[1]).toMatchObject({
        type: 'orders.order-confirmed.v1',
        correlationid: 'request-7',
        data: { orderId: id, customerId: customer.id, sequence: 2, total: { amount: 4_999 } },
      });
    });

    it('confirms once, however often it is told', async () => {
      const customer = orders.customer();
      const { id } = await placedOrder(customer, await orders.product());

      const event = await reserved(id);
      await Promise.all([orders.deliver(event), orders.deliver(event), reserved(id)]);

      expect(statusesOf(await orderById(customer, id))).toEqual(['1 PENDING', '2 CONFIRMED']);
      await waitFor('both events', () => typesOf(id).length >= 2);
      expect(typesOf(id).toSorted()).toEqual(['confirmed', 'placed']);
    });

    it('keeps to the first answer when a contrary one follows', async () => {
      const customer = orders.customer();
      const { id } = await placedOrder(customer, await orders.product());

      await reserved(id);
      await rejected(id);

      expect((await orderById(customer, id))?.status).toBe('CONFIRMED');
    });
  });

  describe('when the stock is refused', () => {
    it('rejects the order and tells the customer why', async () => {
      const customer = orders.customer();
      const productId = await orders.product({ name: 'USB-C Hub' });
      const { id } = await placedOrder(customer, productId, 5);

      await rejected(id, productId);

      const reason = 'Not enough in stock: USB-C Hub (5 ordered, 2 available)';
      expect(await orderById(customer, id)).toMatchObject({
        status: 'REJECTED',
        rejectionReason: reason,
        timeline: [{ reason: null }, { status: 'REJECTED', reason }],
      });
      await waitFor('OrderRejected', () => publishedOf(id).length === 2);
      expect(publishedOf(id)[1]).toMatchObject({ type: 'orders.order-rejected.v1', data: { reason } });
    });
  });

  it('takes an answer about an order that nobody placed for a dead letter', async () => {
    const event = await reserved(randomUUID());

    // Kept: the bus does not ask to be given it again.
    await expect(orders.deliver(event)).resolves.toBeUndefined();
  });

  describe('cancelling', () => {
    it.each(['PENDING', 'CONFIRMED'])('takes back an order that is %s', async (status) => {
      const customer = orders.customer();
      const { id } = await placedOrder(customer, await orders.product());
      if (status === 'CONFIRMED') await reserved(id);

      const payload = await cancelOrder(customer, id);

      expect(payload).toMatchObject({ userErrors: [], order: { id, status: 'CANCELLED' } });
      await waitFor('OrderCancelled', () => typesOf(id).includes('cancelled'));
    });

    it('answers a second time with the cancelled order, and tells it once', async () => {
      const customer = orders.customer();
      const { id } = await placedOrder(customer, await orders.product());

      const payloads = await Promise.all([1, 2, 3].map(() => cancelOrder(customer, id)));

      expect(payloads.map(({ order }) => order?.status)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']);
      expect(statusesOf(await orderById(customer, id))).toEqual(['1 PENDING', '2 CANCELLED']);
      await waitFor('both events', () => typesOf(id).length >= 2);
      expect(typesOf(id).toSorted()).toEqual(['cancelled', 'placed']);
    });

    it('refuses an order that was rejected', async () => {
      const customer = orders.customer();
      const { id } = await placedOrder(customer, await orders.product());
      await rejected(id);

      const payload = await cancelOrder(customer, id);

      expect(payload).toMatchObject({
        order: null,
        userErrors: [{ code: 'NOT_CANCELLABLE', field: ['id'], message: aSentence }],
      });
    });

    it('lets an answer that comes too late change nothing', async () => {
      const customer = orders.customer();
      const { id } = await placedOrder(customer, await orders.product());
      await cancelOrder(customer, id);

      await reserved(id);
      await rejected(id);

      expect(statusesOf(await orderById(customer, id))).toEqual(['1 PENDING', '2 CANCELLED']);
    });

    it('leaves a history without gaps when it races with the answer', async () => {
      const customer = orders.customer();
      const productId = await orders.product();
      const placed = await Promise.all(Array.from({ length: 20 }, () => placedOrder(customer, productId)));

      await Promise.all(placed.flatMap(({ id }) => [reserved(id), cancelOrder(customer, id)]));

      const lives = (await ordersOf(customer)).map((order) => statusesOf(order)?.join(', '));
      const possible = ['1 PENDING, 2 CANCELLED', '1 PENDING, 2 CONFIRMED, 3 CANCELLED'];
      expect(lives).toHaveLength(20);
      expect(lives.filter((life) => !possible.includes(life ?? ''))).toEqual([]);
    });

    it.each([
      ['an unknown id', randomUUID()],
      ['a malformed id', 'not-an-id'],
      ['an empty id', ''],
      ['NUL', '\0'],
      ['an emoji', '🛒'],
      ['a long text', 'x'.repeat(10_000)],
    ])('does not find %s', async (_what, id) => {
      const payload = await cancelOrder(orders.customer(), id);

      expect(payload).toMatchObject({ order: null, userErrors: [{ code: 'NOT_FOUND', field: ['id'] }] });
    });

    it("does not find another customer's order, and leaves it alone", async () => {
      const owner = orders.customer();
      const { id } = await placedOrder(owner, await orders.product());

      const payload = await cancelOrder(orders.customer(), id);

      expect(payload).toMatchObject({ order: null, userErrors: [{ code: 'NOT_FOUND', field: ['id'] }] });
      expect((await orderById(owner, id))?.status).toBe('PENDING');
    });

    it('is open to administrators for every order', async () => {
      const { id } = await placedOrder(orders.customer(), await orders.product());

      expect((await cancelOrder(orders.admin(), id)).order?.status).toBe('CANCELLED');
    });
  });

  describe('the catalogue', () => {
    const product = {
      sku: 'KEY-1',
      name: 'Wireless Keyboard',
      category: 'peripherals',
    };
    const priced = (productId: string, version: number, amount: number) => ({
      ...product,
      productId,
      version,
      price: { amount, currency: 'USD' },
    });

    it('keeps the latest version, whatever order the events come in', async () => {
      const productId = randomUUID();

      await orders.tell('products.product-updated.v1', priced(productId, 3, 300));
      await orders.tell('products.product-created.v1', priced(productId, 1, 100));
      await orders.tell('products.product-updated.v1', priced(productId, 2, 200));

      const { order } = await placeOrder(orders.customer(), [{ productId, quantity: 1 }]);
      expect(order?.total.amount).toBe(300);
    });

    it('keeps a product archived when an older change comes late', async () => {
      const productId = randomUUID();

      await orders.tell('products.product-archived.v1', priced(productId, 3, 100));
      await orders.tell('products.product-updated.v1', priced(productId, 2, 100));

      const { userErrors } = await placeOrder(orders.customer(), [{ productId, quantity: 1 }]);
      expect(userErrors).toMatchObject([{ code: 'PRODUCT_UNAVAILABLE' }]);
    });
  });
});

describeOrdersService(
  'an order that waits too long',
  (orders) => {
    it('expires, is told of with the correlation of its request, and stays so', async () => {
      const customer = orders.customer();
      const { id } = await placedOrder(customer, await orders.product());

      const event = await waitFor('OrderExpired', () =>
        orders.published.find(({ subject, type }) => subject === id && type === 'orders.order-expired.v1'),
      );
      await orders.tell('products.stock-reserved.v1', { orderId: id });

      expect(statusesOf(await orderById(customer, id))).toEqual(['1 PENDING', '2 EXPIRED']);
      const placed = orders.published.find(({ subject }) => subject === id);
      expect(event.correlationid).toBe(placed?.correlationid);
      expect((await cancelOrder(customer, id)).userErrors).toMatchObject([{ code: 'NOT_CANCELLABLE' }]);
    });
  },
  1,
);
