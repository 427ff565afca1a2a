import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createEvent } from '@trellis/event-contracts';
import { failpoints } from '@trellis/failpoints';
import { waitFor } from '../../support/wait-for.ts';
import { findDeadLetters } from '../invariants.ts';
import { createCustomers, type Customers } from '../support/customers.ts';
import { comeToRest } from '../support/rest.ts';
import { prepareSagaInOneProcess } from '../support/saga-in-one-process.ts';
import type { Saga } from '../support/saga.ts';
import { orderUntilDeath, steps } from './steps.ts';

describe('the embedded platform killed between two steps', () => {
  let saga: Saga;
  let customers: Customers;
  const tried = new Set<string>();

  beforeAll(async () => {
    saga = await prepareSagaInOneProcess();
    customers = createCustomers(saga, 'embedded');
  });

  afterAll(async () => {
    await saga.remove();
  });

  async function untilKilled(): Promise<void> {
    const { child } = saga.processOf('orders');
    await waitFor('the platform to die', () => child.signalCode === 'SIGKILL');
  }

  it('migrates what was left between statements of its migrations', async () => {
    tried.add('migration.statement');
    for (const statement of [1, 6, 10]) {
      const platform = saga.launch('orders', { FAILPOINTS: `migration.statement=kill@${statement}` });
      await platform.ended();
      expect(platform.child.signalCode).toBe('SIGKILL');
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

  // What is one step of two services is one step of one process.
  const ownSteps = [...new Map(steps.map((step) => [step.failpoints, step])).values()];

  it.each(ownSteps)('loses nothing, and does nothing twice: $title', async (step) => {
    tried.add(step.name);
    saga.arm(step.service, step.failpoints);
    await orderUntilDeath(saga, customers, step);
    expect(saga.processOf(step.service).child.signalCode).toBe('SIGKILL');
    await comeToRest(saga, customers);
  });

  it.each(['orders.expiring', 'orders.expired'] as const)('expires orders once: %s', async (name) => {
    tried.add(name);
    const settings = { ORDERS_PENDING_SECONDS: '1' };
    const which = name === 'orders.expired' ? `${name}(some)` : name;
    // Dies before the stock is answered for; the relay's lease keeps the order from products for longer than it may wait.
    expect(await saga.stop()).toEqual([]);
    await saga.start({ settings });
    saga.arm('orders', 'outbox.leased=kill');
    await customers.place();
    await untilKilled();
    saga.arm('orders', `${which}=kill`);
    saga.launch('orders', settings);
    await untilKilled();

    await comeToRest(saga, customers);
    const expired = "select 1 as steps from order_events where status = 'EXPIRED'";
    expect(await saga.reading().orders.query(expired)).toHaveLength(name === 'orders.expiring' ? 1 : 2);
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
    await untilKilled();

    await comeToRest(saga, customers);
    expect(await findDeadLetters(saga.reading())).toMatchObject([{ consumer: 'orders', messages: 1 }]);
  });

  it('has been tried at every failpoint', () => {
    expect([...tried].sort()).toEqual(Object.keys(failpoints).sort());
  });
});
