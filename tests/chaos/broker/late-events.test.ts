import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  cancelOrder,
  orderById,
  placedOrder,
  type OrderAnswer,
} from '../../integration/orders/support/requests.ts';
import { describeWithServices } from '../../support/services.ts';
import { waitFor } from '../../support/wait-for.ts';
import { startCommerce, type Commerce } from './commerce.ts';

describeWithServices(['postgres', 'rabbitmq'], 'an event that comes late', ({ rabbitmq }) => {
  let commerce: Commerce;

  function describeCommerce(title: string, pendingSeconds: number, define: () => void): void {
    describe(title, () => {
      beforeAll(async () => {
        commerce = await startCommerce({ rabbitmq, pendingSeconds });
      });
      afterEach(() => commerce.releaseAll());
      afterAll(() => commerce?.stop());
      define();
    });
  }

  const life = (order: OrderAnswer | null) => order?.timeline.map(({ status }) => status).join(' ');
  const reservedOf = async (productId: string) => {
    const { rows } = await commerce.products.query<{ reserved: number }>(
      'select reserved from stock where product_id = $1',
      [productId],
    );
    return rows[0]?.reserved;
  };

  describeCommerce('about an order that was cancelled', 900, () => {
    it('and is the answer of products: changes nothing, and the stock was given back once', async () => {
      const customer = commerce.customer();
      const productId = await commerce.product(10);
      const answer = commerce.hold('products.stock-reserved.v1');
      const { id } = await placedOrder(customer, productId, 2);
      await commerce.handled('products', 'orders.order-placed.v1', id);

      expect(await reservedOf(productId)).toBe(2);
      await cancelOrder(customer, id);
      await commerce.handled('products', 'orders.order-cancelled.v1', id);
      answer.release();
      await commerce.handled('orders', 'products.stock-reserved.v1', id);

      expect(life(await orderById(customer, id))).toBe('PENDING CANCELLED');
      expect(await commerce.ledger(productId)).toEqual(['INITIAL 10', 'RESERVED 2', 'RELEASED 2']);
      expect(await reservedOf(productId)).toBe(0);
    });

    it('and is its placing: nothing is set aside, and nobody is answered', async () => {
      const customer = commerce.customer();
      const productId = await commerce.product(10);
      const placed = commerce.hold('orders.order-placed.v1');
      const { id } = await placedOrder(customer, productId, 2);

      await cancelOrder(customer, id);
      await commerce.handled('products', 'orders.order-cancelled.v1', id);
      placed.release();
      await commerce.handled('products', 'orders.order-placed.v1', id);

      expect(await commerce.ledger(productId)).toEqual(['INITIAL 10']);
      const answers = await commerce.products.query(`select from outbox where event ->> 'subject' = $1`, [
        id,
      ]);
      expect(answers.rowCount).toBe(0);
      expect(commerce.events.filter(({ subject }) => subject === id).map(({ type }) => type)).toEqual([
        'orders.order-placed.v1',
        'orders.order-cancelled.v1',
      ]);
      expect(life(await orderById(customer, id))).toBe('PENDING CANCELLED');
    });
  });

  describeCommerce('about an order that has expired', 1, () => {
    it('and is the answer of products: changes nothing, and the stock was given back once', async () => {
      const customer = commerce.customer();
      const productId = await commerce.product(10);
      const answer = commerce.hold('products.stock-reserved.v1');
      const expiry = commerce.hold('orders.order-expired.v1');
      const { id } = await placedOrder(customer, productId, 2);
      await commerce.handled('products', 'orders.order-placed.v1', id);

      expect(await reservedOf(productId)).toBe(2);
      expiry.release();
      await commerce.handled('products', 'orders.order-expired.v1', id);
      answer.release();
      await commerce.handled('orders', 'products.stock-reserved.v1', id);

      expect(life(await orderById(customer, id))).toBe('PENDING EXPIRED');
      expect(await commerce.ledger(productId)).toEqual(['INITIAL 10', 'RESERVED 2', 'RELEASED 2']);
      expect(await reservedOf(productId)).toBe(0);
    });

    it('and is its placing: nothing is set aside', async () => {
      const customer = commerce.customer();
      const productId = await commerce.product(10);
      const placed = commerce.hold('orders.order-placed.v1');
      const { id } = await placedOrder(customer, productId, 2);

      await commerce.handled('products', 'orders.order-expired.v1', id);
      placed.release();
      await commerce.handled('products', 'orders.order-placed.v1', id);

      expect(await commerce.ledger(productId)).toEqual(['INITIAL 10']);
      expect(life(await orderById(customer, id))).toBe('PENDING EXPIRED');
    });
  });

  describeCommerce('about a product that has changed since', 900, () => {
    it('and is its creation: orders are priced by the change', async () => {
      const created = commerce.hold('products.product-created.v1');
      const productId = await commerce.product(10);
      await commerce.setPrice(productId, 1_500);
      await commerce.handled('orders', 'products.product-updated.v1', productId);

      created.release();
      await commerce.handled('orders', 'products.product-created.v1', productId);

      const customer = commerce.customer();
      const { id, total } = await placedOrder(customer, productId);
      expect(total.amount).toBe(1_500);
      await waitFor('the order to be confirmed', async () => {
        return life(await orderById(customer, id)) === 'PENDING CONFIRMED';
      });
    });
  });
});
