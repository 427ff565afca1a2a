import type { PlanNode } from '@apollo/query-planner';
import type { Generation } from '../../supergraph/generation.ts';
import { fetchedFields } from '../schedule/fetched-fields.ts';
import { planFetches } from '../schedule/plan-fetches.ts';
import { schedulePlan } from '../schedule/schedule-plan.ts';
import { compileScheduledRequest } from './compile-scheduled-request.ts';
import type { Step } from './compiled-run.ts';
import { mayShare } from './may-share.ts';

/**
 * @param mergesFetches fetches for one subgraph that can be made together travel as one request.
 * @returns undefined when the plan holds something that is left to the interpreter.
 */
export function compilePlan(
  generation: Generation,
  plan: PlanNode,
  mergesFetches: boolean,
): Step | undefined {
  const fetches = planFetches(plan);
  if (fetches === undefined) return undefined;
  // Arguments from the context depend on what stands around an entity, so equal entities are not asked for alike.
  if (fetches.some(({ node }) => (node.contextRewrites?.length ?? 0) > 0)) return undefined;
  const fields = fetches.map(fetchedFields);
  const shares = mayShare(fetches, fields);
  const requests = schedulePlan(fetches, fields, mergesFetches).map((request) => ({
    after: request.after,
    send: compileScheduledRequest(generation, request, shares),
  }));
  const [only, ...more] = requests;
  if (only === undefined) return async () => {};
  if (more.length === 0) return only.send;
  return async (run) => {
    const sent: Promise<void>[] = [];
    for (const { after, send } of requests) {
      const [first, ...others] = after;
      if (first === undefined) sent.push(send(run));
      else if (others.length === 0) sent.push(sent[first]!.then(() => send(run)));
      else sent.push(Promise.all(after.map((index) => sent[index]!)).then(() => send(run)));
    }
    await Promise.all(sent);
  };
}
