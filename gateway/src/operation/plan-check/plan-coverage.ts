import type { PlanNode, QueryPlan, ResponsePath } from '@apollo/query-planner';
import { merge, placeAt, type Coverage } from './coverage.ts';
import { combineTypes, coverageOfFetch, type Reading } from './fetch-coverage.ts';

/** Reads off a plan which fields it fetches, of which types, at which places of the response. */
export function coverageOf(reading: Reading, plan: QueryPlan): Coverage {
  const root: Coverage = { fields: new Map() };
  const { node } = plan;
  if (node?.kind === 'Subscription') {
    coverNode(reading, node.primary, [], root);
    if (node.rest !== undefined) coverNode(reading, node.rest, [], root);
  } else if (node !== undefined) coverNode(reading, node, [], root);
  return root;
}

function coverNode(reading: Reading, node: PlanNode, at: ResponsePath, root: Coverage): void {
  switch (node.kind) {
    case 'Fetch': {
      const place = placeAt(root, at);
      merge(place, coverageOfFetch(reading, node, place), combineTypes(reading));
      return;
    }
    case 'Sequence':
    case 'Parallel':
      for (const child of node.nodes) coverNode(reading, child, at, root);
      return;
    case 'Flatten':
      coverNode(reading, node.node, [...at, ...node.path], root);
      return;
    case 'Condition': {
      const branch = reading.values.get(node.condition) === true ? node.ifClause : node.elseClause;
      if (branch !== undefined) coverNode(reading, branch, at, root);
      return;
    }
    case 'Defer':
      if (node.primary.node !== undefined) coverNode(reading, node.primary.node, at, root);
      for (const deferred of node.deferred) {
        if (deferred.node !== undefined) coverNode(reading, deferred.node, at, root);
      }
      return;
  }
}
