import { waitFor } from '../../support/wait-for.ts';
import { findViolations, type Violation } from '../invariants.ts';
import type { Customers } from './customers.ts';
import type { Saga } from './saga.ts';

/** Disarms what is armed, starts what is dead, has everything answered that was not, and waits until no invariant is violated any more. @throws with those that are. */
export async function comeToRest(saga: Saga, customers: Customers): Promise<void> {
  saga.arm('orders');
  saga.arm('products');
  await saga.start();
  await saga.endLeases();
  await customers.sendAgain();
  let violations: readonly Violation[] = [];
  await waitFor(
    'every invariant to hold',
    async () => {
      violations = await violationsOf(saga, customers);
      return violations.length === 0;
    },
    30_000,
  ).catch((error: unknown) => {
    throw new Error(`violations:\n${JSON.stringify(violations, undefined, 2)}`, { cause: error });
  });
}

/** What is wrong where nothing is under way. */
export function violationsOf(saga: Saga, customers: Customers): Promise<readonly Violation[]> {
  return findViolations(saga.reading(), { quiescent: true, acknowledged: customers.acknowledged() });
}
