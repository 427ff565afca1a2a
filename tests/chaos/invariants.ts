import { acknowledgedInvariants } from './invariants/acknowledged.ts';
import { agreementInvariants } from './invariants/agreement.ts';
import type { Finding, Invariant } from './invariants/invariant.ts';
import { messageInvariants } from './invariants/messages.ts';
import { orderInvariants } from './invariants/orders.ts';
import { projectionInvariants } from './invariants/projections.ts';
import type { Acknowledged, Reading } from './invariants/reading.ts';
import { stockInvariants } from './invariants/stock.ts';

export { findDeadLetters, type DeadLetters } from './invariants/dead-letters.ts';
export type { Finding, Holds, Invariant } from './invariants/invariant.ts';
export type { Acknowledged, BrokerReader, DatabaseName, Reading, SqlReader } from './invariants/reading.ts';

/** Everything that is true of a healthy installation, whatever was acknowledged. */
export const invariants = [
  ...stockInvariants,
  ...orderInvariants,
  ...agreementInvariants,
  ...projectionInvariants,
  ...messageInvariants,
] as const satisfies readonly Invariant[];

export type InvariantName =
  (typeof invariants)[number]['name'] | ReturnType<typeof acknowledgedInvariants>[number]['name'];

/** One case in which an invariant does not hold. */
export interface Violation extends Finding {
  readonly invariant: InvariantName;
}

/**
 * Reads an installation and says everything that is wrong with it. Nothing is written.
 * @param options.quiescent whether nothing is under way: no request, no event that has not arrived, no pending order. Then every invariant is
 *   held against it; otherwise those that hold whatever is under way.
 * @param options.acknowledged what clients were told has happened, to be found there.
 * @throws what the readers throw.
 */
export async function findViolations(
  reading: Reading,
  options: { readonly quiescent: boolean; readonly acknowledged?: Acknowledged },
): Promise<readonly Violation[]> {
  const { quiescent, acknowledged } = options;
  const held = [...invariants, ...(acknowledged === undefined ? [] : acknowledgedInvariants(acknowledged))];
  const violations: Violation[] = [];
  for (const { name, holds, find } of held) {
    if (!quiescent && holds !== 'always') continue;
    for (const finding of await find(reading)) violations.push({ invariant: name, ...finding });
  }
  return violations;
}
