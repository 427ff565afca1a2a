import type { Logger } from '@trellis/lifecycle';
import type { SubgraphEndpoint } from './subgraph-endpoint.ts';
import { createCircuit, noCircuit, type Circuit, type CircuitPosition } from './traffic/circuit-breaker.ts';
import { createRetryBudget, type RetryBudget } from './traffic/retry-budget.ts';
import type { RequestHeaders, RewriteHeaders } from './headers/request-header-rules.ts';
import type { TrafficRules } from './traffic/traffic-rules.ts';

/** A subgraph as the client sees it: where it is, how it is spoken with, and how it has been doing. */
export interface Upstream {
  readonly origin: string;
  readonly path: string;
  /** Where its WebSocket is. */
  readonly webSocketUrl: string;
  readonly rules: TrafficRules;
  /** Which of the client's headers it is given; absent when that is all that are forwarded. */
  readonly rewriteHeaders: RewriteHeaders | undefined;
  readonly circuit: Circuit;
  readonly budget: RetryBudget;
}

/** Every subgraph that was asked so far. */
export interface Upstreams {
  of(subgraph: SubgraphEndpoint): Upstream;
}

/** @param rulesOf the rules for a subgraph, by its name; `rewriteHeadersFor` likewise. */
export function createUpstreams(
  rulesOf: (name: string) => TrafficRules,
  rewriteHeadersFor: RequestHeaders['rewriteFor'],
  logger: Logger,
): Upstreams {
  // An endpoint is an object of a generation; what is known of a subgraph has to survive a new supergraph that leaves it where it is.
  const byEndpoint = new WeakMap<SubgraphEndpoint, Upstream>();
  const byName = new Map<string, { readonly url: string; readonly upstream: Upstream }>();
  const create = ({ name, url }: SubgraphEndpoint): Upstream => {
    const known = byName.get(name);
    if (known?.url === url) return known.upstream;
    const { origin, pathname, search } = new URL(url);
    const rules = rulesOf(name);
    const upstream = {
      origin,
      path: pathname + search,
      webSocketUrl: rules.subscriptionUrl ?? url.replace(/^http/, 'ws'),
      rules,
      rewriteHeaders: rewriteHeadersFor(name),
      circuit: rules.circuitBreaker
        ? createCircuit(rules.circuitBreaker, (position) => tell(logger, name, position))
        : noCircuit,
      budget: createRetryBudget(),
    };
    byName.set(name, { url, upstream });
    return upstream;
  };
  return {
    of(subgraph) {
      let upstream = byEndpoint.get(subgraph);
      if (upstream === undefined) byEndpoint.set(subgraph, (upstream = create(subgraph)));
      return upstream;
    },
  };
}

function tell(logger: Logger, subgraph: string, position: CircuitPosition): void {
  switch (position) {
    case 'open':
      logger.warn(
        { subgraph },
        'the circuit of a subgraph is open: it failed too often and is not asked for a moment',
      );
      break;
    case 'half-open':
      logger.info({ subgraph }, 'the circuit of a subgraph is half open: one request tries it');
      break;
    case 'closed':
      logger.info({ subgraph }, 'the circuit of a subgraph is closed: it answers again');
  }
}
