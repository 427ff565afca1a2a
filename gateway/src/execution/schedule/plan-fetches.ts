import type { FetchNode, PlanNode, ResponsePath } from '@apollo/query-planner';

/** A fetch of a plan, and where in the plan it stands. */
export interface PlanFetch {
  readonly node: FetchNode;
  /** The path of its targets from the root of the response. */
  readonly at: ResponsePath;
  /** Under which `@skip` and `@include` it is executed: all must hold. */
  readonly conditions: readonly FetchCondition[];
  /** The fetches that the plan executes before it begins, by their index. */
  readonly after: ReadonlySet<number>;
}

/** A variable with the value that it must have. */
export interface FetchCondition {
  readonly variable: string;
  readonly value: boolean;
}

/**
 * The fetches of a plan, each after those that it follows.
 * @returns undefined for a plan that is answered in parts: what is deferred is no step like others.
 */
export function planFetches(plan: PlanNode): readonly PlanFetch[] | undefined {
  const found: PlanFetch[] = [];
  let whole = true;
  /** @returns the fetches within the node and those before it. */
  const visit = (
    node: PlanNode,
    at: ResponsePath,
    conditions: readonly FetchCondition[],
    after: ReadonlySet<number>,
  ): ReadonlySet<number> => {
    switch (node.kind) {
      case 'Fetch':
        found.push({ node, at, conditions, after });
        return new Set([...after, found.length - 1]);
      case 'Sequence':
        return node.nodes.reduce((before, child) => visit(child, at, conditions, before), after);
      case 'Parallel':
        return new Set(node.nodes.flatMap((child) => [...visit(child, at, conditions, after)]));
      case 'Flatten':
        return visit(node.node, [...at, ...node.path], conditions, after);
      case 'Condition': {
        const within = new Set(after);
        for (const [branch, value] of [
          [node.ifClause, true],
          [node.elseClause, false],
        ] as const) {
          if (branch === undefined) continue;
          const narrower = [...conditions, { variable: node.condition, value }];
          for (const index of visit(branch, at, narrower, after)) within.add(index);
        }
        return within;
      }
      case 'Defer':
        whole = false;
        return after;
    }
  };
  visit(plan, [], [], new Set());
  return whole ? found : undefined;
}
