import { failpoints, type FailpointName } from '@trellis/failpoints';
import type { Customers } from '../support/customers.ts';
import type { Saga, SagaService } from '../support/saga.ts';
import { waitFor } from '../../support/wait-for.ts';

/** A step of the saga at which a process is killed. */
export interface Step {
  readonly service: SagaService;
  /** To be armed. */
  readonly failpoints: string;
  readonly name: FailpointName;
  readonly title: string;
  /** Whether orders have to be cancelled for the step to be passed. */
  readonly cancelling: boolean;
}

const placed = 'orders.order-placed.v1';
const reserved = 'products.stock-reserved.v1';
const cancelled = 'orders.order-cancelled.v1';

/** The steps that placing and cancelling orders passes, in the order of the saga. */
export const steps: readonly Step[] = [
  step('orders', 'orders.placed'),
  step('orders', 'outbox.leased'),
  step('orders', 'outbox.confirmed'),
  step('orders', 'outbox.deleted'),
  step('products', 'inbox.handled', placed),
  step('products', 'inbox.committed', placed),
  step('products', 'outbox.leased'),
  step('products', 'outbox.confirmed'),
  step('orders', 'inbox.handled', reserved),
  step('orders', 'inbox.committed', reserved),
  step('orders', 'orders.cancelled'),
  step('products', 'inbox.handled', cancelled),
  step('products', 'inbox.committed', cancelled),
];

function step(service: SagaService, name: FailpointName, about?: string): Step {
  const which = about === undefined ? name : `${name}(${about})`;
  return {
    service,
    name,
    // Not the first pass: something is to have happened before, and something to be under way.
    failpoints: `${which}=kill@3`,
    title: `${service} at ${which}: ${failpoints[name]}`,
    cancelling: name === 'orders.cancelled' || about === cancelled,
  };
}

/** Far more than any step needs to be passed three times. */
const mostOrders = 500;

/** Orders, and cancels if wanted, until the process of a service is dead. @throws when it will not die. */
export async function orderUntilDeath(
  saga: Saga,
  customers: Customers,
  { service, cancelling }: Step,
): Promise<void> {
  const { child } = saga.processOf(service);
  const isDead = (): boolean => child.exitCode !== null || child.signalCode !== null;
  for (let count = 0; count < mostOrders && !isDead(); count++) {
    await customers.place();
    if (cancelling) await customers.cancel();
  }
  await waitFor(`${service} to die`, isDead, 5_000);
}
