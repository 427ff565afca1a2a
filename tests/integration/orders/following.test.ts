import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { waitFor } from '../../support/wait-for.ts';
import type { Answer } from '../../support/subgraph-under-test.ts';
import { describeOrdersService } from './support/orders-service.ts';
import { cancelOrder, placedOrder } from './support/requests.ts';

interface Step {
  readonly id: string;
  readonly status: string;
  readonly rejectionReason: string | null;
  readonly updatedAt: string;
  readonly timeline: readonly { readonly status: string; readonly occurredAt: string }[];
}

const fields = '{ id status rejectionReason updatedAt timeline { status occurredAt } }';
const followOne = `subscription ($id: ID!) { orderStatusChanged(orderId: $id) ${fields} }`;
const followAfter = `subscription ($id: ID!, $after: Int) {
  orderStatusChanged(orderId: $id, afterSequence: $after) ${fields}
}`;
const followMine = `subscription { myOrderStatusChanged ${fields} }`;

type One = Answer<{ orderStatusChanged: Step }>;
type Mine = Answer<{ myOrderStatusChanged: Step }>;

const statusOf = (answer: One): string | undefined => answer.data?.orderStatusChanged.status;
const mineOf = ({ data }: Mine): string | undefined =>
  data == null ? undefined : `${data.myOrderStatusChanged.id} ${data.myOrderStatusChanged.status}`;

describeOrdersService('following orders', (orders) => {
  const reserved = (orderId: string) => orders.tell('products.stock-reserved.v1', { orderId });
  const nobodyFollows = () => waitFor('everyone to be gone', () => orders.service.followers() === 0);

  describe('one order', () => {
    it('tells how it stands and each step, in order, until it has ended', async () => {
      const customer = orders.customer();
      const { id } = await placedOrder(customer, await orders.product());
      const stream = await customer.subscribe<{ orderStatusChanged: Step }>(followOne, { id });

      expect(statusOf(await stream.next())).toBe('PENDING');
      await reserved(id);
      expect(statusOf(await stream.next())).toBe('CONFIRMED');
      await cancelOrder(customer, id);

      expect((await stream.rest()).map(statusOf)).toEqual(['CANCELLED']);
      await nobodyFollows();
    });

    it('tells every step though they come faster than it looks', async () => {
      const customer = orders.customer();
      const { id } = await placedOrder(customer, await orders.product());
      const streams = await Promise.all(
        Array.from({ length: 20 }, () => customer.subscribe<{ orderStatusChanged: Step }>(followOne, { id })),
      );
      const told = streams.map(async (stream) => (await stream.rest()).map(statusOf));

      await reserved(id);
      await cancelOrder(customer, id);

      for (const statuses of await Promise.all(told)) {
        // A stream that began late begins where the order was then.
        expect(['PENDING', 'CONFIRMED', 'CANCELLED'].slice(-statuses.length)).toEqual(statuses);
      }
    });

    it('shows the order as it stood after each step', async () => {
      const customer = orders.customer();
      const { id } = await placedOrder(customer, await orders.product());
      const stream = await customer.subscribe<{ orderStatusChanged: Step }>(followOne, { id });
      await stream.next();
      await orders.tell('products.stock-rejected.v1', { orderId: id, reason: 'OUT_OF_STOCK', lines: [] });

      const [last] = await stream.rest();

      const step = last?.data?.orderStatusChanged;
      expect(step).toMatchObject({ rejectionReason: 'Not enough in stock' });
      expect(step?.timeline.map(({ status }) => status)).toEqual(['PENDING', 'REJECTED']);
      expect(step?.updatedAt).toBe(step?.timeline[1]?.occurredAt);
    });

    it('tells of an order that has ended how it ended, and ends', async () => {
      const customer = orders.customer();
      const { id } = await placedOrder(customer, await orders.product());
      await cancelOrder(customer, id);

      const stream = await customer.subscribe<{ orderStatusChanged: Step }>(followOne, { id });

      expect((await stream.rest()).map(statusOf)).toEqual(['CANCELLED']);
      await nobodyFollows();
    });

    it('tells a client that comes back what it missed, and what follows', async () => {
      const customer = orders.customer();
      const { id } = await placedOrder(customer, await orders.product());
      await reserved(id);
      const stream = await customer.subscribe<{ orderStatusChanged: Step }>(followAfter, { id, after: 0 });

      expect(statusOf(await stream.next())).toBe('PENDING');
      expect(statusOf(await stream.next())).toBe('CONFIRMED');
      await cancelOrder(customer, id);

      expect((await stream.rest()).map(statusOf)).toEqual(['CANCELLED']);
    });

    it('has nothing to tell a client that saw the end', async () => {
      const customer = orders.customer();
      const { id } = await placedOrder(customer, await orders.product());
      await cancelOrder(customer, id);

      const stream = await customer.subscribe<{ orderStatusChanged: Step }>(followAfter, { id, after: 2 });

      expect(await stream.rest()).toEqual([]);
      await nobodyFollows();
    });

    it('tells a client the end that claims to know more than happened', async () => {
      const customer = orders.customer();
      const { id } = await placedOrder(customer, await orders.product());
      const stream = await customer.subscribe<{ orderStatusChanged: Step }>(followAfter, { id, after: 99 });

      await cancelOrder(customer, id);

      expect((await stream.rest()).map(statusOf)).toEqual(['CANCELLED']);
    });

    it('refuses a negative sequence', async () => {
      const customer = orders.customer();
      const { id } = await placedOrder(customer, await orders.product());
      const stream = await customer.subscribe(followAfter, { id, after: -1 });

      expect(await stream.rest()).toMatchObject([
        { errors: [{ extensions: { code: 'BAD_USER_INPUT', argument: 'afterSequence' } }] },
      ]);
    });

    it('is left at once by a client that goes away', async () => {
      const customer = orders.customer();
      const { id } = await placedOrder(customer, await orders.product());
      const stream = await customer.subscribe<{ orderStatusChanged: Step }>(followOne, { id });
      await stream.next();
      expect(orders.service.followers()).toBe(1);

      stream.leave();

      await nobodyFollows();
    });

    it('lets administrators follow every order', async () => {
      const { id } = await placedOrder(orders.customer(), await orders.product());
      const stream = await orders.admin().subscribe<{ orderStatusChanged: Step }>(followOne, { id });

      expect(statusOf(await stream.next())).toBe('PENDING');
      stream.leave();
    });

    it.each([
      [
        "another customer's order",
        async () => (await placedOrder(orders.customer(), await orders.product())).id,
      ],
      ['an unknown id', async () => randomUUID()],
      ['a malformed id', async () => 'not-an-id'],
    ])('is an error for %s', async (_what, idOf) => {
      const stream = await orders.customer().subscribe(followOne, { id: await idOf() });

      expect(await stream.rest()).toMatchObject([{ errors: [{ extensions: { code: 'NOT_FOUND' } }] }]);
      await nobodyFollows();
    });

    it('needs a login', async () => {
      const stream = await orders.nobody().subscribe(followOne, { id: randomUUID() });

      expect(await stream.rest()).toMatchObject([{ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }]);
    });
  });

  describe('all of my orders', () => {
    it('tells each step from now on, of orders old and new, and none of others', async () => {
      const customer = orders.customer();
      const productId = await orders.product();
      const old = await placedOrder(customer, productId);
      const stream = await customer.subscribe<{ myOrderStatusChanged: Step }>(followMine);

      await reserved(old.id);
      await placedOrder(orders.customer(), productId);
      const fresh = await placedOrder(customer, productId);
      await cancelOrder(customer, old.id);
      await reserved(fresh.id);

      const told = [await stream.next(), await stream.next(), await stream.next(), await stream.next()];
      expect(told.map(mineOf)).toEqual([
        `${old.id} CONFIRMED`,
        `${fresh.id} PENDING`,
        `${old.id} CANCELLED`,
        `${fresh.id} CONFIRMED`,
      ]);
      stream.leave();
      await nobodyFollows();
    });

    it('tells every step once, each order in its order, when many change at once', async () => {
      const customer = orders.customer();
      const productId = await orders.product();
      const stream = await customer.subscribe<{ myOrderStatusChanged: Step }>(followMine);
      const count = 40;

      await Promise.all(
        Array.from({ length: count }, async () => {
          const { id } = await placedOrder(customer, productId);
          await reserved(id);
          await cancelOrder(customer, id);
        }),
      );

      const told: Step[] = [];
      while (told.length < count * 3) {
        const { data } = await stream.next();
        if (data != null) told.push(data.myOrderStatusChanged);
      }
      const ids = new Set(told.map(({ id }) => id));
      expect(ids.size).toBe(count);
      for (const id of ids) {
        const life = told.filter((step) => step.id === id).map(({ status }) => status);
        expect(life).toEqual(['PENDING', 'CONFIRMED', 'CANCELLED']);
      }
      stream.leave();
      await nobodyFollows();
    });

    it('needs a login', async () => {
      const stream = await orders.nobody().subscribe(followMine);

      expect(await stream.rest()).toMatchObject([{ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }]);
    });
  });
});
