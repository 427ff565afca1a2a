import type { FetchNode } from '@apollo/query-planner';
import type { GraphQLFormattedError } from 'graphql';
import { subgraphError } from '../subgraph/subgraph-error.ts';
import { leftOutBy, leftOutErrors, maxErrors } from '../subgraph/subgraph-result.ts';
import { isPathInFetch } from './path-in-fetch.ts';
import type { PlanRun } from './plan-run.ts';
import { providedKeys, renamedKeys } from './provided-keys.ts';
import type { ConcretePath, Target } from './target.ts';

/** A target of a fetch. */
export interface Place {
  readonly target: Target;
  /** Whether it got anything: if not, an error of the response is why all of the fetch's fields are absent from it. */
  readonly brought: boolean;
}

/**
 * Tells the errors of one response: at their places, of which an error of an entity has as many as there are objects that it stands for, or, when they
 * have none, at all that is absent. What is more than `maxErrors` is summed up in one.
 * @param locate where an error belongs; undefined for one that concerns the fetch as a whole.
 */
export function tellErrors(
  run: PlanRun,
  node: FetchNode,
  errors: readonly GraphQLFormattedError[],
  places: readonly Place[],
  locate: (
    error: GraphQLFormattedError,
  ) => { readonly places: readonly Place[]; readonly inside: ConcretePath } | undefined,
): void {
  const recordFor = (affected: readonly Place[], error: GraphQLFormattedError): void =>
    run.failures.record(
      affected.map(({ target }) => target),
      providedKeys(node),
      subgraphError(error, node.serviceName, undefined),
    );
  let told = 0;
  let leftOut = 0;
  let isBlamed = false;
  for (const error of errors) {
    const left = leftOutBy(error);
    if (left !== undefined) {
      leftOut += left;
      continue;
    }
    const located = isPathInFetch(node, error.path ?? []) ? locate(error) : undefined;
    if (located === undefined) {
      // The first is what absent fields are blamed on.
      recordFor(isBlamed ? [] : places, error);
      isBlamed = true;
      continue;
    }
    const here = located.places.slice(0, maxErrors - told);
    for (const { target, brought } of here) reportAt(run, node, target, error, located.inside, brought);
    told += here.length;
    leftOut += located.places.length - here.length;
  }
  if (leftOut === 0) return;
  recordFor(
    places.filter(({ brought }) => !brought),
    leftOutErrors(leftOut),
  );
}

/** Reports an error that has its place within what was fetched for a target. @param brought see {@link Place}. */
function reportAt(
  run: PlanRun,
  node: FetchNode,
  target: Target,
  error: GraphQLFormattedError,
  inside: ConcretePath,
  brought: boolean,
): void {
  const renamed = renamedKeys(node);
  const { byName } = run.generation.repairs.standIns;
  // A field that was fetched for another one's sake is told by its own name: nobody outside knows what stands for it in plans.
  const own = inside.map((step) =>
    typeof step === 'string' ? (byName.get(step)?.name ?? renamed.get(step) ?? step) : step,
  );
  const placed = subgraphError(error, node.serviceName, [...target.path, ...own]);
  run.errors.push(placed);
  if (!brought) run.failures.recordReported(target, providedKeys(node), placed);
}
