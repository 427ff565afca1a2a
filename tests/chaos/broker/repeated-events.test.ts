import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connect, type ChannelModel } from 'amqplib';
import { cancelOrder, orderById, placedOrder } from '../../integration/orders/support/requests.ts';
import { describeWithServices } from '../../support/services.ts';
import { waitFor } from '../../support/wait-for.ts';
import { startCommerce, type Commerce } from './commerce.ts';

const copies = 5;

describeWithServices(['postgres', 'rabbitmq'], 'every event delivered several times', ({ rabbitmq }) => {
  let commerce: Commerce;
  let repeating: ChannelModel;

  beforeAll(async () => {
    commerce = await startCommerce({ rabbitmq, replicas: 2 });
    repeating = await repeatEverything(rabbitmq, `${commerce.brokerPrefix}trellis.events`);
  });
  afterAll(async () => {
    await repeating?.close();
    await commerce?.stop();
  });

  it('at once, to two replicas of every service: takes effect once', async () => {
    const customer = commerce.customer();
    const productId = await commerce.product(1_000);

    const placed = await Promise.all(Array.from({ length: 20 }, () => placedOrder(customer, productId, 2)));
    const cancelled = placed.slice(0, 10);
    await Promise.all(cancelled.map(({ id }) => cancelOrder(customer, id)));

    await waitFor('every copy of every event to be handled', everythingIsHandled);
    for (const { id } of placed) {
      const order = await orderById(customer, id);
      const steps = order?.timeline.map(({ sequence, status }) => `${sequence} ${status}`);
      expect([
        '1 PENDING,2 CONFIRMED',
        '1 PENDING,2 CANCELLED',
        '1 PENDING,2 CONFIRMED,3 CANCELLED',
      ]).toContain(steps?.join());
      const { rows } = await commerce.products.query<{ kind: string }>(
        'select kind from stock_ledger where order_id = $1 order by stock_version',
        [id],
      );
      const held = rows.map(({ kind }) => kind).join();
      // An order whose cancellation came first never held anything.
      if (order?.status === 'CANCELLED') expect(['RESERVED,RELEASED', '']).toContain(held);
      else expect(held).toBe('RESERVED');
    }
    const { rows } = await commerce.products.query('select reserved from stock where product_id = $1', [
      productId,
    ]);
    expect(rows).toEqual([{ reserved: 10 * 2 }]);
    expect(repeatedTypesOfOneSubject()).toEqual([]);
  });

  /** Whether nothing is on its way: no event waits to be published, no order for its answer, and no copy to be handled. */
  async function everythingIsHandled(): Promise<boolean> {
    const unfinished = await Promise.all([
      commerce.orders.query('select from outbox'),
      commerce.products.query('select from outbox'),
      commerce.orders.query(`select from orders where status = 'PENDING'`),
    ]);
    if (unfinished.some(({ rowCount }) => rowCount !== 0)) return false;
    const repeated = commerce.events.filter(({ type }) => consumed.has(type));
    return repeated.every(({ id }) => commerce.timesHandled(id) >= 1 + copies);
  }

  /** Effects that were told of twice, by events of their own. */
  function repeatedTypesOfOneSubject(): string[] {
    const ids = new Map<string, Set<string>>();
    for (const { type, subject, id } of commerce.events) {
      if (!type.startsWith('orders.') && !type.startsWith('products.stock-re')) continue;
      const key = `${type} ${subject}`;
      ids.set(key, (ids.get(key) ?? new Set()).add(id));
    }
    return [...ids].filter(([, of]) => of.size > 1).map(([key]) => key);
  }
});

/** What one of the two services consumes. */
const consumed: ReadonlySet<string> = new Set([
  'orders.order-placed.v1',
  'orders.order-cancelled.v1',
  'products.product-created.v1',
  'products.stock-reserved.v1',
]);

/** Publishes whatever goes over an exchange again, several times and at once. */
async function repeatEverything(url: string, exchange: string): Promise<ChannelModel> {
  const connection = await connect(url);
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(queue, exchange, '#');
  await channel.consume(
    queue,
    (message) => {
      if (message === null || message.properties.headers?.['copy'] === true) return;
      for (let copy = 0; copy < copies; copy += 1) {
        channel.publish(exchange, message.fields.routingKey, message.content, { headers: { copy: true } });
      }
    },
    { noAck: true },
  );
  return connection;
}
