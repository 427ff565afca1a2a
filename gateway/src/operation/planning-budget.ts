import { operationTooLarge } from './operation-size.ts';

/** Plans that one operation may take: one for each combination of labels, and more for those that the planner gets wrong. */
const maxPlans = 300;

/** Nobody else is served while the planner works. */
const maxPlanningMs = 5_000;

/**
 * Bounds what planning one operation takes, over all labels of overrides and all conditions: each has a bound of its own, and their product
 * would be thousands of plans.
 * @returns to be called before each plan. @throws GraphQLError OPERATION_TOO_LARGE when there have been enough.
 */
export function createPlanningBudget(now: () => number = () => performance.now()): () => void {
  const end = now() + maxPlanningMs;
  let left = maxPlans;
  return () => {
    left -= 1;
    if (left < 0 || now() > end) throw operationTooLarge();
  };
}
