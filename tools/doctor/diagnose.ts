import {
  findDeadLetters,
  invariants,
  type DeadLetters,
  type Finding,
  type Invariant,
  type Reading,
} from '../../tests/chaos/invariants.ts';

/** What became of one invariant. */
export interface Check {
  readonly invariant: string;
  /** What holds, or should. */
  readonly sentence: string;
  /** `under way`: what was found may be well in a moment. */
  readonly verdict: 'ok' | 'under way' | 'violated';
  /** What stood in both looks, and cannot be explained by what is under way. */
  readonly violations: readonly Finding[];
  /** The rest of what was found. */
  readonly underWay: readonly Finding[];
}

/** What a doctor says of an installation. */
export interface Diagnosis {
  readonly isSound: boolean;
  /** Whether nothing happened while it was looked at, and nothing waited to happen. */
  readonly isAtRest: boolean;
  readonly checks: readonly Check[];
  readonly deadLetters: readonly DeadLetters[];
}

type Findings = ReadonlyMap<string, readonly Finding[]>;

/** Nothing is under way where these find nothing. */
const signsOfWork = ['order-is-settled', 'outbox-is-sent', 'queues-are-empty'];

/**
 * Looks at an installation twice, and says what was wrong both times. While orders are under way, that is: what holds always, and what holds a moment
 * later. Where nothing is under way, and nothing happened between the looks, everything is held against it.
 * @param options.isRunning a platform that is stopped has stopped at any moment: what it has still to do, it does when it is started.
 * @param options.pause waits between the looks.
 */
export async function diagnose(
  reading: Reading,
  options: { readonly isRunning: boolean; readonly pause: () => Promise<void> },
): Promise<Diagnosis> {
  const activityBefore = await activityOf(reading);
  const first = await look(reading, invariants);
  const isFound = ({ name }: { readonly name: string }) => (first.get(name) ?? []).length > 0;
  const suspects = invariants.filter(isFound);
  if (suspects.length > 0 && options.isRunning) await options.pause();
  const second = await look(reading, suspects);

  const hasHappened = activityBefore !== (await activityOf(reading));
  const isAtRest = !hasHappened && !signsOfWork.some((name) => isFound({ name }));
  const checks = invariants.map(({ name, sentence, holds }): Check => {
    const before = new Set(first.get(name)?.map(identity));
    const found = second.get(name) ?? [];
    const isJudged = holds === 'always' || isAtRest || (holds === 'soon' && options.isRunning);
    const violations = isJudged ? found.filter((finding) => before.has(identity(finding))) : [];
    const underWay = found.filter((finding) => !violations.includes(finding));
    const verdict = violations.length > 0 ? 'violated' : underWay.length > 0 ? 'under way' : 'ok';
    return { invariant: name, sentence, verdict, violations, underWay };
  });
  return {
    isSound: checks.every(({ verdict }) => verdict !== 'violated'),
    isAtRest,
    checks,
    deadLetters: await findDeadLetters(reading),
  };
}

async function look(reading: Reading, invariants: readonly Invariant[]): Promise<Findings> {
  const findings = new Map<string, readonly Finding[]>();
  for (const { name, find } of invariants) findings.set(name, await find(reading));
  return findings;
}

/** Every step of an order, every change of a stock and of a product counts. */
async function activityOf({ orders, products }: Reading): Promise<string> {
  const rows = [
    ...(await orders.query('select max(position)::text as steps from order_events')),
    ...(await products.query(
      `select (select sum(version) from stock)::text as stock, (select sum(version) from products)::text as products`,
    )),
  ];
  return JSON.stringify(rows);
}

function identity({ ids }: Finding): string {
  return ids.join(' ');
}
