import type { DeferredNode, PlanNode } from '@apollo/query-planner';
import { GraphQLError, type ExecutionResult } from 'graphql';
import type { LeaveSignal } from '../../aborting.ts';
import { clientPath, clientResult, type ClientKeys } from '../../operation/client-keys.ts';
import type { DeferringPlan } from '../../operation/deferred-operation.ts';
import { executeNode } from '../execute-node.ts';
import type { PlanRun } from '../plan-run.ts';
import type { ConcretePath } from '../target.ts';
import { createAhead, takeApart } from './ahead.ts';
import { branchRun } from './branch-run.ts';
import { partsOf, type Part } from './deferred-parts.ts';
import { shapeFragments, shapeInitial, type FoundFragment } from './shape-part.ts';

/** A deferred fragment that is announced: it will be delivered, once, for the object at this path. */
export interface PendingFragment {
  /** Of this answer's own. */
  readonly id: string;
  readonly path: ConcretePath;
  /** As the client named it. */
  readonly label: string | undefined;
}

export interface DeliveredFragment {
  readonly fragment: PendingFragment;
  /** Null when a null has propagated to the object; undefined when the fragment turned out not to apply to the object's type. */
  readonly data: Record<string, unknown> | null | undefined;
  readonly errors: readonly GraphQLError[];
  /** The fragments within, which may be delivered from now on. */
  readonly pending: readonly PendingFragment[];
}

/** Fragments that are there at the same time. */
export interface Delivery {
  readonly fragments: readonly DeliveredFragment[];
  readonly hasNext: boolean;
}

/** An answer of which some comes later. */
export interface AnswerInParts {
  readonly kind: 'parts';
  readonly initial: ExecutionResult;
  /** Empty when there is nothing to come. */
  readonly pending: readonly PendingFragment[];
  /** Ends early, without a word, when the client leaves. */
  readonly later: AsyncGenerator<Delivery, void, void>;
}

/** An answer of which nothing comes later. */
export interface WholeAnswer {
  readonly kind: 'whole';
  readonly result: ExecutionResult;
}

/**
 * Executes an operation with deferred fragments (incremental delivery proposal to the GraphQL specification, as of August 2022). A fragment is
 * delivered after the part it is in. A null that propagates stops at the fragment, and errors have the paths that they would have without `@defer`.
 * @param run that of the initial result.
 * @param signal gives up what comes later: the client has left.
 * @throws when the run was aborted, or by a fault of the gateway's own, in the initial result.
 */
export async function executeInParts(
  planned: DeferringPlan,
  clientKeys: ClientKeys,
  run: PlanRun,
  signal: LeaveSignal,
): Promise<AnswerInParts> {
  const { node } = planned.plan;
  if (node?.kind === 'Subscription') throw new Error('a subscription is not executed but subscribed to');
  const later = createLaterParts(clientKeys, signal);
  await later.execute(run, node);
  const { data = null, errors, found } = shapeInitial(run, partsOf(planned));
  return {
    kind: 'parts',
    initial: clientResult(clientKeys, errors.length > 0 ? { errors, data } : { data }),
    pending: later.begin(found, run),
    later: later.deliveries(),
  };
}

/** What of one answer comes after the initial result. */
interface LaterParts {
  /** Executes a node of the plan for the part that the run is of, and notes which fragments it defers. */
  execute(run: PlanRun, node: PlanNode | undefined): Promise<void>;
  /** Begins the fragments that were found in a part. @param around the part's run. */
  begin(found: readonly FoundFragment[], around: PlanRun): PendingFragment[];
  deliveries(): AsyncGenerator<Delivery, void, void>;
}

function createLaterParts(clientKeys: ClientKeys, signal: LeaveSignal): LaterParts {
  const ahead = createAhead(signal);
  /** By the plan's label; a fragment that has none needs nothing but what the part around it has. */
  const nodes = new Map<string, DeferredNode>();
  const ready: DeliveredFragment[] = [];
  let running = 0;
  let announced = 0;
  let wake = (): void => {};

  async function execute(run: PlanRun, node: PlanNode | undefined): Promise<void> {
    const { primary, deferred } = takeApart(run, node);
    for (const fragment of deferred) nodes.set(fragment.label ?? '', fragment);
    if (primary === undefined) return;
    const { onFetched, end } = ahead.watch(run, deferred);
    await executeNode({ ...run, onFetched }, primary, [{ object: run.data, path: [] }]).finally(end);
  }

  /** Brings what a part needs. @returns the run that has it: that around the part when it needs nothing more. */
  async function gather({ planLabel }: Part, around: PlanRun): Promise<PlanRun> {
    const node = nodes.get(planLabel)?.node;
    if (node === undefined) return around;
    const run = branchRun(around, { client: ahead.clientFor(planLabel, around.client), signal });
    await execute(run, node);
    return run;
  }

  /** Never rejects. */
  async function deliver(
    part: Part,
    objects: readonly FoundFragment[],
    pending: readonly PendingFragment[],
    around: PlanRun,
  ): Promise<void> {
    try {
      const run = await gather(part, around);
      const shaped = shapeFragments(run, part, objects, around);
      // All at once: begun for each object by itself, they would be fetched for all of them each time.
      const within = begin(
        shaped.flatMap(({ found }) => found),
        run,
      );
      let announcedSoFar = 0;
      shaped.forEach(({ data, errors, found }, index) => {
        const { data: own, errors: told = [] } = clientResult(clientKeys, { data: data ?? null, errors });
        ready.push({
          fragment: pending[index]!,
          data: data === undefined ? undefined : own,
          errors: told,
          pending: within.slice(announcedSoFar, (announcedSoFar += found.length)),
        });
      });
    } catch (error) {
      const originalError = error instanceof Error ? error : new Error(String(error));
      const failed = new GraphQLError('a deferred fragment failed', { originalError });
      for (const fragment of pending) ready.push({ fragment, data: null, errors: [failed], pending: [] });
    }
  }

  function begin(found: readonly FoundFragment[], around: PlanRun): PendingFragment[] {
    const byPart = new Map<Part, { objects: FoundFragment[]; pending: PendingFragment[] }>();
    const all = found.map((object) => {
      const { part } = object;
      const path = clientPath(clientKeys, object.path);
      const fragment = { id: String(announced++), path, label: part.label };
      const group = byPart.get(part) ?? { objects: [], pending: [] };
      byPart.set(part, group);
      group.objects.push(object);
      group.pending.push(fragment);
      return fragment;
    });
    for (const [part, { objects, pending }] of byPart) {
      running += 1;
      void deliver(part, objects, pending, around).finally(() => {
        running -= 1;
        wake();
      });
    }
    return all;
  }

  async function* deliveries(): AsyncGenerator<Delivery, void, void> {
    let hasNext = true;
    while (hasNext) {
      while (ready.length === 0 && running > 0) await new Promise<void>((resolve) => (wake = resolve));
      if (signal.aborted) return;
      hasNext = running > 0;
      yield { fragments: ready.splice(0), hasNext };
    }
  }

  return { execute, begin, deliveries };
}
