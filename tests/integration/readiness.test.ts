import { expect, it } from '@jest/globals';
import type { SubgraphUnderTest } from '../support/subgraph-under-test.ts';
import { waitFor } from '../support/wait-for.ts';
import { describeOrdersService } from './orders/support/orders-service.ts';
import { placedOrder } from './orders/support/requests.ts';
import { describeProductsService } from './products/products-under-test.ts';
import { describeUsersService } from './users/users-under-test.ts';

const away = {
  status: 'degraded',
  checks: {
    database: { status: 'up' },
    broker: { status: 'down', detail: 'events wait in the outbox until the broker is back' },
    deadLetters: { status: 'up', detail: 'none' },
  },
};

async function readiness(subject: { readonly service: { readonly url: string } }) {
  const response = await fetch(`${subject.service.url}/health/ready`);
  return { code: response.status, body: (await response.json()) as unknown };
}

async function degradesWithoutItsBroker(
  subject: Pick<SubgraphUnderTest<never>, 'setBroker'> & { readonly service: { readonly url: string } },
): Promise<void> {
  expect(await readiness(subject)).toMatchObject({ code: 200, body: { status: 'up' } });
  subject.setBroker('away');
  expect(await readiness(subject)).toEqual({ code: 200, body: away });
  subject.setBroker('back');
  expect(await readiness(subject)).toMatchObject({ code: 200, body: { status: 'up' } });
}

describeOrdersService('the readiness of orders', (orders) => {
  it('is degraded, and no worse, while the broker is away', () => degradesWithoutItsBroker(orders));

  it('lets orders be placed while the broker is away, and tells of them when it is back', async () => {
    const productId = await orders.product();
    orders.setBroker('away');

    const { id } = await placedOrder(orders.customer(), productId);

    expect(orders.published.filter(({ subject }) => subject === id)).toEqual([]);
    orders.setBroker('back');
    await waitFor('OrderPlaced', () => orders.published.some(({ subject }) => subject === id));
  });
});

describeProductsService('the readiness of products', (products) => {
  it('is degraded, and no worse, while the broker is away', () => degradesWithoutItsBroker(products));
});

describeUsersService('the readiness of users', (users) => {
  it('is degraded, and no worse, while the broker is away', () => degradesWithoutItsBroker(users));
});
