import { afterEach, describe, expect, it } from '@jest/globals';
import { describeWithServices } from '../../support/services.ts';
import { waitFor } from '../../support/wait-for.ts';
import { createCustomers, createRandom, type Customers } from '../support/customers.ts';
import { comeToRest, violationsOf } from '../support/rest.ts';
import { prepareSagaInOneProcess } from '../support/saga-in-one-process.ts';
import { prepareSagaOverRabbitMq } from '../support/saga-over-rabbitmq.ts';
import type { Saga, SagaService } from '../support/saga.ts';

const sagas: Saga[] = [];

afterEach(async () => {
  await Promise.all(sagas.splice(0).map((saga) => saga.remove()));
});

/** Starts a saga, and lets customers in once orders knows the catalogue. */
async function openSaga(saga: Saga, seed: string): Promise<Customers> {
  sagas.push(saga);
  await saga.start();
  const customers = createCustomers(saga, seed);
  await waitFor('the catalogue', async () => {
    await customers.open();
    const known = await saga.reading().orders.query('select from catalogue');
    return known.length > 6;
  });
  return customers;
}

/**
 * Kills services, whichever comes next, each after as many answers as the seed says, and starts them again while customers go on ordering.
 */
async function killOverAndOver(
  saga: Saga,
  customers: Customers,
  { services, kills, seed }: { services: readonly SagaService[]; kills: number; seed: string },
): Promise<void> {
  const random = createRandom(`${seed} kills`);
  const cancels = createRandom(`${seed} cancels`);
  let isOver = false;
  const ordering = (async () => {
    while (!isOver) {
      await customers.place();
      if (cancels(3) === 0) await customers.cancel();
      // As a customer does who has no answer.
      await waitFor('an answer', () => customers.sendAgain().then(() => true), 60_000);
    }
  })();
  try {
    for (let kill = 0; kill < kills; kill++) {
      const enough = customers.answered() + 1 + random(25);
      await waitFor('customers to be served', () => customers.answered() >= enough, 60_000);
      await saga.processOf(services[kill % services.length]!).kill();
      await saga.start();
    }
  } finally {
    isOver = true;
    await ordering;
  }
}

describeWithServices(
  ['postgres', 'rabbitmq'],
  'services killed over and over while customers order, with PostgreSQL and RabbitMQ',
  ({ rabbitmq }) => {
    it.each<[string, readonly SagaService[]]>([
      ['orders', ['orders']],
      ['products', ['products']],
    ])('loses nothing, and does nothing twice: %s', async (seed, services) => {
      const saga = await prepareSagaOverRabbitMq(rabbitmq);
      const customers = await openSaga(saga, seed);

      await killOverAndOver(saga, customers, { services, kills: 4, seed });

      await comeToRest(saga, customers);
      expect(await saga.stop()).toEqual([]);
      expect(await violationsOf(saga, customers)).toEqual([]);
    });
  },
);

describe('the embedded platform killed over and over while customers order', () => {
  it('loses nothing, and does nothing twice', async () => {
    const saga = await prepareSagaInOneProcess();
    const seed = 'platform';
    const customers = await openSaga(saga, seed);

    await killOverAndOver(saga, customers, { services: ['orders'], kills: 3, seed });

    await comeToRest(saga, customers);
    expect(await saga.stop()).toEqual([]);
  });
});
