import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createEvent } from '@trellis/event-contracts';
import { failpoints } from '@trellis/failpoints';
import { describeWithServices } from '../../support/services.ts';
import { waitFor } from '../../support/wait-for.ts';
import { findDeadLetters } from '../invariants.ts';
import { createCustomers, type Customers } from '../support/customers.ts';
import { comeToRest, violationsOf } from '../support/rest.ts';
import { prepareSagaOverRabbitMq } from '../support/saga-over-rabbitmq.ts';
import type { Saga } from '../support/saga.ts';
import { orderUntilDeath, steps } from './steps.ts';

describeWithServices(
  ['postgres', 'rabbitmq'],
  'a service killed between two steps, with PostgreSQL and RabbitMQ',
  ({ rabbitmq }) => {
    let saga: Saga;
    let customers: Customers;
    const tried = new Set<string>();

    beforeAll(async () => {
      saga = await prepareSagaOverRabbitMq(rabbitmq);
      customers = createCustomers(saga, 'distributed');
    });

    afterAll(async () => {
      await saga.remove();
    });

    it('migrates what was left between statements of its migrations', async () => {
      tried.add('migration.statement');
      for (const statement of [1, 6, 10]) {
        const orders = saga.launch('orders', { FAILPOINTS: `migration.statement=kill@${statement}` });
        await orders.ended();
        expect(orders.child.signalCode).toBe('SIGKILL');
      }

      await saga.start();
      await waitFor('the catalogue', async () => {
        await customers.open();
        const known = await saga.reading().orders.query('select from catalogue');
        return known.length > 6;
      });
      await customers.place();
      await comeToRest(saga, customers);
    });

    it.each(steps)('loses nothing, and does nothing twice: $title', async (step) => {
      tried.add(step.name);
      saga.arm(step.service, step.failpoints);
      await orderUntilDeath(saga, customers, step);
      expect(saga.processOf(step.service).child.signalCode).toBe('SIGKILL');
      await comeToRest(saga, customers);
    });

    it.each(['orders.expiring', 'orders.expired'] as const)('expires orders once: %s', async (name) => {
      tried.add(name);
      const which = name === 'orders.expired' ? `${name}(some)` : name;
      expect(await saga.stop()).toEqual([]);
      saga.arm('orders', `${which}=kill`);
      await saga.start({
        only: 'orders', // nobody answers for the stock
        settings: { ORDERS_PENDING_SECONDS: '1' },
      });
      const { child } = saga.processOf('orders');
      const id = await customers.place();
      await waitFor('the sweeper to die', () => child.signalCode === 'SIGKILL');

      await comeToRest(saga, customers);
      expect(await saga.reading().orders.query(`select status from orders where id = '${id}'`)).toEqual([
        { status: 'EXPIRED' },
      ]);
    });

    it('keeps a dead letter whose original it could not acknowledge', async () => {
      tried.add('dead-letter.kept');
      saga.arm('orders', 'dead-letter.kept=kill');
      const nowhere = randomUUID();
      await saga.publish(
        createEvent({
          type: 'products.stock-reserved.v1',
          id: randomUUID(),
          subject: nowhere,
          time: new Date(),
          data: { orderId: nowhere },
        }),
      );
      const { child } = saga.processOf('orders');
      await waitFor('orders to die', () => child.signalCode === 'SIGKILL');
      await customers.place();

      await comeToRest(saga, customers);
      const [kept] = await findDeadLetters(saga.reading());
      expect(kept).toMatchObject({ consumer: 'orders' });
      // Copied first and acknowledged then: to have it twice is the price of never losing it.
      expect(kept?.messages).toBe(2);
    });

    it('has nothing in hand that could happen a second time', async () => {
      expect(await saga.stop()).toEqual([]);
      expect(await violationsOf(saga, customers)).toEqual([]);
    });

    it('has been tried at every failpoint', () => {
      expect([...tried].sort()).toEqual(Object.keys(failpoints).sort());
    });
  },
);
