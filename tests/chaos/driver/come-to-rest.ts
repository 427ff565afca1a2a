import {
  findViolations,
  invariants,
  type Acknowledged,
  type Reading,
  type Violation,
} from '../invariants.ts';
import { pause } from './part.ts';
import type { Shop } from './shop.ts';
import type { Target } from './target.ts';

/** How an installation stood when nothing was under way any more, or when there was no more waiting for that. */
export interface Rest {
  readonly violations: readonly Violation[];
  /** How many orders there are with each status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly ms: number;
}

/** What may be found for a moment: an event has still to arrive. */
const passing: ReadonlySet<string> = new Set(
  invariants.filter(({ holds }) => holds !== 'always').map(({ name }) => name),
);

const lookEveryMs = 200;

/**
 * Waits until nothing is under way: no order is pending, and every invariant holds. What breaks one that always holds ends the waiting
 * at once; what may still pass is a violation if it has not passed after `boundMs`.
 */
export async function comeToRest(
  target: Target,
  shop: Shop,
  acknowledged: Acknowledged,
  boundMs: number,
): Promise<Rest> {
  const began = Date.now();
  const isLate = (): boolean => Date.now() - began > boundMs;
  for (;;) {
    while ((await isBusy(shop)) && !isLate()) await pause(lookEveryMs);
    try {
      const rest = await target.inspect(async (reading) => ({
        violations: await findViolations(reading, { quiescent: true, acknowledged }),
        statuses: await countStatuses(reading),
        ms: Date.now() - began,
      }));
      const isWrongForGood = rest.violations.some(({ invariant }) => !passing.has(invariant));
      if (rest.violations.length === 0 || isWrongForGood || isLate()) return rest;
    } catch (error) {
      // A database may still be recovering.
      if (isLate()) throw error;
    }
    await pause(lookEveryMs * 2);
  }
}

async function isBusy(shop: Shop): Promise<boolean> {
  try {
    return await shop.hasPendingOrders();
  } catch {
    return true; // who does not answer is not at rest
  }
}

async function countStatuses({ orders }: Reading): Promise<Record<string, number>> {
  const rows = await orders.query('select status, count(*)::int as orders from orders group by status');
  return Object.fromEntries(rows.map(({ status, orders: count }) => [String(status), Number(count)]));
}
