import type { PlanNode } from '@apollo/query-planner';
import { executeFetch } from './execute-fetch.ts';
import type { PlanRun } from './plan-run.ts';
import { targetsAt, type Target } from './target.ts';

/**
 * Executes a plan node on the objects it applies to. A fetch that fails is written to the run, and the nodes after it go on with what
 * there is.
 * @throws when the run was aborted, or by a fault of the gateway's own.
 */
export async function executeNode(run: PlanRun, node: PlanNode, targets: readonly Target[]): Promise<void> {
  switch (node.kind) {
    case 'Fetch':
      await executeFetch(run, node, targets);
      if (node.id !== undefined) run.onFetched?.(node.id);
      return;
    case 'Sequence':
      for (const child of node.nodes) await executeNode(run, child, targets);
      return;
    case 'Parallel':
      await Promise.all(node.nodes.map((child) => executeNode(run, child, targets)));
      return;
    case 'Flatten':
      return executeNode(run, node.node, targetsAt(targets, node.path));
    case 'Condition': {
      const branch = run.coercedVariables[node.condition] === true ? node.ifClause : node.elseClause;
      return branch === undefined ? undefined : executeNode(run, branch, targets);
    }
    case 'Defer':
      // `executeInParts` takes plans apart at these.
      throw new Error('a plan with deferred fragments is executed in parts');
  }
}
