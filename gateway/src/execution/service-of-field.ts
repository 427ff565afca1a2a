import type { QueryPlan } from '@apollo/query-planner';
import { fetchedFields } from './schedule/fetched-fields.ts';
import { planFetches } from './schedule/plan-fetches.ts';
import type { ConcretePath } from './target.ts';

const known = new WeakMap<QueryPlan, ReadonlyMap<string, string>>();

/**
 * The subgraph that a plan has a field of the response from, or the nearest object around it; the last one, if several fetches bring it.
 * @param plan of a query or mutation, with nothing deferred; or of a subscription.
 */
export function serviceOfField(plan: QueryPlan, path: ConcretePath): string | undefined {
  let services = known.get(plan);
  if (services === undefined) known.set(plan, (services = servicesOf(plan)));
  const keys = path.filter((step) => typeof step === 'string');
  for (; keys.length > 0; keys.pop()) {
    const service = services.get(keys.join('\n'));
    if (service !== undefined) return service;
  }
  return undefined;
}

/** Services by the places that they fill; see `Fields`. */
function servicesOf({ node }: QueryPlan): ReadonlyMap<string, string> {
  const nodes = node?.kind === 'Subscription' ? [node.primary, node.rest] : [node];
  const services = new Map<string, string>();
  for (const part of nodes) {
    for (const fetch of (part && planFetches(part)) ?? []) {
      for (const place of fetchedFields(fetch).writes.keys()) services.set(place, fetch.node.serviceName);
    }
  }
  return services;
}
