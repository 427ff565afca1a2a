import type { PlanNode, ResponsePath } from '@apollo/query-planner';
import type { Generation } from '../../supergraph/generation.ts';
import { collectTargets } from './collect-targets.ts';
import { compileEntityFetch, compileRootFetch } from './compile-fetch.ts';
import type { Step } from './compiled-run.ts';
import { mayShare } from './may-share.ts';

/** @returns undefined when the plan holds something that is left to the interpreter. */
export function compilePlan(generation: Generation, plan: PlanNode): Step | undefined {
  return compileNode(generation, plan, [], mayShare(plan));
}

function compileNode(
  generation: Generation,
  node: PlanNode,
  at: ResponsePath,
  shares: boolean,
): Step | undefined {
  switch (node.kind) {
    case 'Fetch':
      // Arguments from the context depend on what stands around an entity, so equal entities are not asked for alike.
      if ((node.contextRewrites?.length ?? 0) > 0) return undefined;
      return node.requires === undefined
        ? compileRootFetch(generation, node, at)
        : compileEntityFetch(generation, node, at, shares);
    case 'Sequence': {
      const steps = compileNodes(generation, node.nodes, at, shares);
      if (steps === undefined) return undefined;
      return async (run, targets) => {
        for (const step of steps) await step(run, targets);
      };
    }
    case 'Parallel': {
      const steps = compileNodes(generation, node.nodes, at, shares);
      if (steps === undefined) return undefined;
      return async (run, targets) => {
        await Promise.all(steps.map((step) => step(run, targets)));
      };
    }
    case 'Flatten': {
      const step = compileNode(generation, node.node, [...at, ...node.path], shares);
      if (step === undefined) return undefined;
      return (run, targets) => step(run, collectTargets(run, targets, node.path));
    }
    case 'Condition': {
      const { condition, ifClause, elseClause } = node;
      const [then, otherwise] = [ifClause, elseClause].map((branch) =>
        branch === undefined ? nothing : compileNode(generation, branch, at, shares),
      );
      if (then === undefined || otherwise === undefined) return undefined;
      return (run, targets) =>
        run.coercedVariables[condition] === true ? then(run, targets) : otherwise(run, targets);
    }
    case 'Defer':
      return undefined;
  }
}

function compileNodes(
  generation: Generation,
  nodes: readonly PlanNode[],
  at: ResponsePath,
  shares: boolean,
): Step[] | undefined {
  const steps: Step[] = [];
  for (const node of nodes) {
    const step = compileNode(generation, node, at, shares);
    if (step === undefined) return undefined;
    steps.push(step);
  }
  return steps;
}

const nothing: Step = async () => {};
