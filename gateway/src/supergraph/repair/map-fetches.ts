import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';

/** The same plan with other fetches: where one becomes several, these are made side by side. The stream of a subscription stays one. */
export function mapFetches(plan: QueryPlan, change: (node: FetchNode) => readonly FetchNode[]): QueryPlan {
  const { node } = plan;
  if (node === undefined) return plan;
  if (node.kind !== 'Subscription') return { ...plan, node: mapNode(node, change) };
  const { primary, rest } = node;
  return {
    ...plan,
    node: {
      ...node,
      primary: change(primary)[0] ?? primary,
      ...(rest === undefined ? {} : { rest: mapNode(rest, change) }),
    },
  };
}

function mapNode(node: PlanNode, change: (node: FetchNode) => readonly FetchNode[]): PlanNode {
  const map = (child: PlanNode): PlanNode => mapNode(child, change);
  switch (node.kind) {
    case 'Fetch': {
      const [first = node, ...others] = change(node);
      return others.length === 0 ? first : { kind: 'Parallel', nodes: [first, ...others] };
    }
    case 'Flatten': {
      const inner = map(node.node);
      if (inner.kind !== 'Parallel') return { ...node, node: inner };
      return { ...inner, nodes: inner.nodes.map((child) => ({ ...node, node: child })) };
    }
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map(map) };
    case 'Condition':
      return {
        ...node,
        ...(node.ifClause === undefined ? {} : { ifClause: map(node.ifClause) }),
        ...(node.elseClause === undefined ? {} : { elseClause: map(node.elseClause) }),
      };
    case 'Defer':
      return {
        ...node,
        primary:
          node.primary.node === undefined ? node.primary : { ...node.primary, node: map(node.primary.node) },
        deferred: node.deferred.map((deferred) =>
          deferred.node === undefined ? deferred : { ...deferred, node: map(deferred.node) },
        ),
      };
  }
}
