import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createEvent, type CloudEvent } from '@trellis/event-contracts';
import { registerCustomer, type Customer } from './account-operations.ts';
import { describeUsersService } from './users-under-test.ts';

describeUsersService('the summary of orders', (users) => {
  type Standing = 'confirmed' | 'cancelled';

  /** Makes the events of one order. */
  function orderOf(customerId: string, amount: number, currency = 'EUR') {
    const orderId = randomUUID();
    return (standing: Standing, sequence: number): CloudEvent =>
      createEvent({
        type: `orders.order-${standing}.v1`,
        id: randomUUID(),
        subject: orderId,
        time: new Date(),
        data: { orderId, customerId, sequence, total: { amount, currency } },
      });
  }

  async function summaryOf({ identity }: Customer): Promise<unknown> {
    const document = '{ me { orderSummary { count spend { amount currency } } } }';
    const { data } = await users.ask<{ me: { orderSummary: unknown } }>(document, {}, identity);
    return data.me.orderSummary;
  }

  const empty = { count: 0, spend: [] };

  describe('the order summary', () => {
    it('counts confirmed orders and sums them up by currency', async () => {
      const customer = await registerCustomer(users);
      for (const [amount, currency] of [
        [4_999, 'USD'],
        [1, 'EUR'],
        [2_999, 'USD'],
      ] as const) {
        await users.deliver(orderOf(customer.id, amount, currency)('confirmed', 2));
      }
      const spend = [
        { amount: 1, currency: 'EUR' },
        { amount: 7_998, currency: 'USD' },
      ];
      expect(await summaryOf(customer)).toEqual({ count: 3, spend });
    });

    it('sums up beyond the 32 bits of an Int', async () => {
      const customer = await registerCustomer(users);
      for (let order = 0; order < 3; order++)
        await users.deliver(orderOf(customer.id, 2_000_000_000)('confirmed', 2));
      expect(await summaryOf(customer)).toEqual({
        count: 3,
        spend: [{ amount: 6_000_000_000, currency: 'EUR' }],
      });
    });

    it('tells a sum that a number cannot hold as an error, not rounded', async () => {
      const customer = await registerCustomer(users);
      for (const amount of [Number.MAX_SAFE_INTEGER, 2])
        await users.deliver(orderOf(customer.id, amount)('confirmed', 2));
      const document = '{ me { name orderSummary { spend { amount } } } }';
      const { data, errors } = await users.ask(document, {}, customer.identity);
      expect(data).toEqual({ me: { name: 'Ada', orderSummary: null } });
      expect(errors).toMatchObject([
        { path: ['me', 'orderSummary', 'spend', 0, 'amount'], extensions: { code: 'OUT_OF_RANGE' } },
      ]);
    });

    it('takes a cancelled order out again', async () => {
      const customer = await registerCustomer(users);
      const order = orderOf(customer.id, 4_999);
      await users.deliver(order('confirmed', 2));
      expect(await summaryOf(customer)).toEqual({ count: 1, spend: [{ amount: 4_999, currency: 'EUR' }] });
      await users.deliver(order('cancelled', 3));
      expect(await summaryOf(customer)).toEqual(empty);
    });

    it('is right when the cancellation comes before the confirmation', async () => {
      const customer = await registerCustomer(users);
      const order = orderOf(customer.id, 4_999);
      await users.deliver(order('cancelled', 3));
      await users.deliver(order('confirmed', 2));
      expect(await summaryOf(customer)).toEqual(empty);
    });

    it('counts an event once, however often it is delivered', async () => {
      const customer = await registerCustomer(users);
      const confirmed = orderOf(customer.id, 4_999)('confirmed', 2);
      await Promise.all([users.deliver(confirmed), users.deliver(confirmed)]);
      await users.deliver(confirmed);
      expect(await summaryOf(customer)).toMatchObject({ count: 1 });
    });

    it("leaves other people's orders out", async () => {
      const customer = await registerCustomer(users);
      await users.deliver(orderOf(randomUUID(), 4_999)('confirmed', 2));
      expect(await summaryOf(customer)).toEqual(empty);
    });
  });
});
