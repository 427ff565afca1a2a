import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { waitFor } from '../../support/wait-for.ts';
import { aSentence } from '../../support/a-sentence.ts';
import { describeOrdersService, type Caller } from './support/orders-service.ts';
import { ordersOf, placeOrder, placeOrderMutation, type Payload } from './support/requests.ts';

describeOrdersService('placing an order', (orders) => {
  it('answers with the pending order, priced by the catalogue', async () => {
    const keyboard = await orders.product({
      name: 'Wireless Keyboard',
      price: { amount: 4_999, currency: 'USD' },
    });
    const hub = await orders.product({ name: 'USB-C Hub', price: { amount: 2_999, currency: 'USD' } });
    const customer = orders.customer();

    const payload = await placeOrder(customer, [
      { productId: keyboard, quantity: 3 },
      { productId: hub, quantity: 1 },
    ]);

    expect(payload).toMatchObject({
      userErrors: [],
      order: {
        status: 'PENDING',
        rejectionReason: null,
        customer: { id: customer.id },
        total: { amount: 17_996, currency: 'USD' },
        items: [
          {
            name: 'Wireless Keyboard',
            quantity: 3,
            unitPrice: { amount: 4_999 },
            total: { amount: 14_997 },
            product: { __typename: 'Product', id: keyboard },
          },
          { name: 'USB-C Hub', quantity: 1, product: { id: hub } },
        ],
        timeline: [{ sequence: 1, status: 'PENDING', reason: null }],
      },
    });
  });

  it('publishes OrderPlaced with the lines, and with the correlation and the trace of the request', async () => {
    const productId = await orders.product();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { data } = await orders
      .customer()
      .query<{ placeOrder: Payload }>(
        placeOrderMutation,
        { input: { idempotencyKey: 'key', lines: [{ productId, quantity: 2 }] } },
        { 'x-correlation-id': 'request-7', traceparent },
      );
    const orderId = data?.placeOrder.order?.id;

    const event = await waitFor('OrderPlaced', () => orders.published.find((one) => one.subject === orderId));

    expect(event).toMatchObject({
      type: 'orders.order-placed.v1',
      correlationid: 'request-7',
      traceparent,
      data: {
        orderId,
        sequence: 1,
        total: { amount: 9_998, currency: 'USD' },
        lines: [{ productId, quantity: 2, unitPrice: { amount: 4_999, currency: 'USD' } }],
      },
    });
  });

  it('answers a repeated request with the same order, whatever became of the products', async () => {
    const [keyboard, hub] = [await orders.product(), await orders.product()];
    const customer = orders.customer();
    const lines = [
      { productId: keyboard, quantity: 1 },
      { productId: hub, quantity: 2 },
    ];
    const first = await placeOrder(customer, lines, 'my key');
    await archive(keyboard);

    const again = await placeOrder(customer, lines.toReversed(), 'my key');

    expect(again).toEqual(first);
    expect(await ordersOf(customer)).toHaveLength(1);
  });

  it('makes one order of fifty equal requests at once', async () => {
    const productId = await orders.product();
    const customer = orders.customer();

    const payloads = await Promise.all(
      Array.from({ length: 50 }, () => placeOrder(customer, [{ productId, quantity: 1 }], 'my key')),
    );

    expect(new Set(payloads.map(({ order }) => order?.id)).size).toBe(1);
    const [order, ...others] = await ordersOf(customer);
    expect(others).toEqual([]);
    expect(order?.timeline).toHaveLength(1);
    await waitFor('OrderPlaced', () => orders.published.some(({ subject }) => subject === order?.id));
    expect(orders.published.filter(({ subject }) => subject === order?.id)).toHaveLength(1);
  });

  it('refuses a key that was used with another input', async () => {
    const productId = await orders.product();
    const customer = orders.customer();
    await placeOrder(customer, [{ productId, quantity: 1 }], 'my key');

    const payload = await placeOrder(customer, [{ productId, quantity: 2 }], 'my key');

    expect(payload).toMatchObject({
      order: null,
      userErrors: [{ code: 'IDEMPOTENCY_CONFLICT', field: ['input', 'idempotencyKey'], message: aSentence }],
    });
    expect(await ordersOf(customer)).toHaveLength(1);
  });

  it('lets two customers use the same key', async () => {
    const productId = await orders.product();
    const lines = [{ productId, quantity: 1 }];

    const [first, second] = [
      await placeOrder(orders.customer(), lines, 'key'),
      await placeOrder(orders.customer(), lines, 'key'),
    ];

    expect(second.order?.id).not.toBe(first.order?.id);
  });

  it('keeps the price that an order was placed at', async () => {
    const productId = await orders.product({ price: { amount: 4_999, currency: 'USD' } });
    const customer = orders.customer();
    await placeOrder(customer, [{ productId, quantity: 1 }]);
    await orders.product({ productId, version: 2, price: { amount: 5_999, currency: 'USD' } });

    const { order } = await placeOrder(customer, [{ productId, quantity: 1 }]);

    expect(order?.total.amount).toBe(5_999);
    expect((await ordersOf(customer)).map(({ total }) => total.amount)).toEqual([5_999, 4_999]);
  });

  describe('refuses, naming the field and writing nothing,', () => {
    const unknown = randomUUID();
    const line = { productId: unknown, quantity: 1 };

    it.each([
      ['an empty key', { idempotencyKey: '', lines: [line] }, 'REQUIRED', 'idempotencyKey'],
      ['a key of 101', { idempotencyKey: 'k'.repeat(101), lines: [line] }, 'TOO_LONG', 'idempotencyKey'],
      ['an emoji in the key', { idempotencyKey: 'key 🔑', lines: [line] }, 'INVALID', 'idempotencyKey'],
      ['NUL in the key', { idempotencyKey: 'key\0', lines: [line] }, 'INVALID', 'idempotencyKey'],
      ['no lines', { idempotencyKey: 'key', lines: [] }, 'REQUIRED', 'lines'],
      ['101 lines', { idempotencyKey: 'key', lines: manyLines(101) }, 'TOO_LONG', 'lines'],
      ['10,000 lines', { idempotencyKey: 'key', lines: manyLines(10_000) }, 'TOO_LONG', 'lines'],
      ['10,000 bad lines', { idempotencyKey: 'key', lines: manyLines(10_000, -1) }, 'TOO_LONG', 'lines'],
      ['quantity 0', withLine({ ...line, quantity: 0 }), 'OUT_OF_RANGE', 'lines.0.quantity'],
      ['quantity -1', withLine({ ...line, quantity: -1 }), 'OUT_OF_RANGE', 'lines.0.quantity'],
      ['quantity 1,001', withLine({ ...line, quantity: 1_001 }), 'OUT_OF_RANGE', 'lines.0.quantity'],
      ['quantity 2^31-1', withLine({ ...line, quantity: 2 ** 31 - 1 }), 'OUT_OF_RANGE', 'lines.0.quantity'],
      ['an unknown product', withLine(line), 'NOT_FOUND', 'lines.0.productId'],
      ['a malformed id', withLine({ ...line, productId: "'; drop" }), 'NOT_FOUND', 'lines.0.productId'],
      ['an empty id', withLine({ ...line, productId: '' }), 'NOT_FOUND', 'lines.0.productId'],
      ['an emoji as id', withLine({ ...line, productId: '🛒' }), 'NOT_FOUND', 'lines.0.productId'],
      ['NUL in an id', withLine({ ...line, productId: `${unknown}\0` }), 'NOT_FOUND', 'lines.0.productId'],
      [
        'the same product twice',
        withLine(...manyLines(3), line, { ...line, productId: unknown.toUpperCase() }),
        'DUPLICATE_LINE',
        'lines.4.productId',
      ],
    ])('%s', async (_what, input, code, field) => {
      const customer = orders.customer();

      const { data } = await customer.query<{ placeOrder: Payload }>(placeOrderMutation, { input });

      expect(data?.placeOrder.order).toBeNull();
      expect(data?.placeOrder.userErrors).toEqual([
        { code, field: ['input', ...field.split('.')], message: aSentence },
      ]);
      expect(await ordersOf(customer)).toEqual([]);
    });

    it('names an unknown product and a malformed id together', async () => {
      const input = withLine(line, { ...line, productId: 'malformed' });

      const { data } = await orders.customer().query<{ placeOrder: Payload }>(placeOrderMutation, { input });

      expect(data?.placeOrder.userErrors.map(({ field }) => field)).toEqual(
        ['0', '1'].map((index) => ['input', 'lines', index, 'productId']),
      );
    });

    it.each([
      ['no key', { lines: [line] }, 'idempotencyKey'],
      ['null as key', { idempotencyKey: null, lines: [line] }, 'idempotencyKey'],
      ['a number as key', { idempotencyKey: 7, lines: [line] }, 'idempotencyKey'],
      ['no lines at all', { idempotencyKey: 'key' }, 'lines'],
      ['no quantity', withLine({ productId: unknown } as never), 'quantity'],
      ['a text as quantity', withLine({ ...line, quantity: '1' as never }), 'lines[0].quantity'],
      ['quantity 1.5', withLine({ ...line, quantity: 1.5 }), 'lines[0].quantity'],
      ['quantity 2^31', withLine({ ...line, quantity: 2 ** 31 }), 'lines[0].quantity'],
      ['an object as id', withLine({ ...line, productId: {} as never }), 'lines[0].productId'],
    ])('%s, which the schema forbids', async (_what, input, field) => {
      const customer = orders.customer();

      const { data, errors } = await customer.query(placeOrderMutation, { input });

      expect(data).toBeUndefined();
      expect(errors).toMatchObject([
        { message: expect.stringContaining(field), extensions: { code: 'BAD_USER_INPUT' } },
      ]);
      expect(await ordersOf(customer)).toEqual([]);
    });

    it('an archived product', async () => {
      const productId = await orders.product();
      await archive(productId);
      await refuses(orders.customer(), [{ productId, quantity: 1 }], 'PRODUCT_UNAVAILABLE', [
        'input',
        'lines',
        '0',
        'productId',
      ]);
    });

    it('products in two currencies', async () => {
      const dollars = await orders.product({ price: { amount: 1, currency: 'USD' } });
      const euros = await orders.product({ price: { amount: 1, currency: 'EUR' } });
      const lines = [dollars, euros].map((productId) => ({ productId, quantity: 1 }));
      await refuses(orders.customer(), lines, 'MIXED_CURRENCIES', ['input', 'lines']);
    });

    it('a total beyond 2^31-1', async () => {
      const productId = await orders.product({ price: { amount: 100_000_000, currency: 'USD' } });
      await refuses(orders.customer(), [{ productId, quantity: 22 }], 'OUT_OF_RANGE', ['input', 'lines']);
    });
  });

  it('is for logged-in users', async () => {
    const { errors } = await orders
      .nobody()
      .query(placeOrderMutation, { input: { idempotencyKey: 'key', lines: [] } });

    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('is for callers that come through the gateway', async () => {
    const response = await fetch(`${orders.service.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }' }),
    });

    expect(response.status).toBe(401);
  });

  async function archive(productId: string): Promise<void> {
    await orders.tell('products.product-archived.v1', {
      productId,
      version: 2,
      sku: 'KEY-1',
      name: 'Wireless Keyboard',
      category: 'peripherals',
      price: { amount: 4_999, currency: 'USD' },
    });
  }
});

function manyLines(count: number, quantity = 1) {
  return Array.from({ length: count }, () => ({ productId: randomUUID(), quantity }));
}

function withLine(...lines: { productId: string; quantity: number }[]) {
  return { idempotencyKey: 'key', lines };
}

async function refuses(
  customer: Caller,
  lines: { productId: string; quantity: number }[],
  code: string,
  field: string[],
): Promise<void> {
  const { order, userErrors } = await placeOrder(customer, lines);
  expect(order).toBeNull();
  expect(userErrors).toEqual([{ code, field, message: aSentence }]);
  expect(await ordersOf(customer)).toEqual([]);
}
