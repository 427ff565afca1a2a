import { z } from 'zod';
import { defaultTrafficRules, type TrafficRules } from './traffic-rules.ts';

const milliseconds = z.int().min(1).max(3_600_000);

/** Rules for a subgraph as an operator writes them: what is left out is as for all subgraphs. */
export const trafficRulesSchema = z
  .strictObject({
    deadlineMs: milliseconds,
    retries: z.int().min(0).max(10),
    circuitBreaker: z.union([
      z.literal(false),
      z.strictObject({
        failureRatio: z.number().gt(0).lt(1),
        minimumRequests: z.int().min(1).max(1_000_000),
        windowMs: milliseconds,
        openMs: milliseconds,
      }),
    ]),
    compression: z.boolean(),
    subscriptions: z.enum(['sse', 'ws']),
    subscriptionUrl: z.url({ protocol: /^wss?$/ }),
  } satisfies Record<keyof TrafficRules, z.ZodType>)
  .partial();

/** Rules for single subgraphs, by name. */
export type SubgraphRules = Readonly<Record<string, Partial<TrafficRules>>>;

/** What the gateway's options say of the traffic with subgraphs. */
export interface TrafficOptions {
  readonly subgraphDeadlineMs?: number | undefined;
  readonly subgraphRetries?: number | undefined;
  readonly circuitBreaker?: TrafficRules['circuitBreaker'] | undefined;
  readonly subgraphs?: SubgraphRules | undefined;
}

/**
 * The rules for each subgraph, by its name.
 * @throws TypeError that names the option which is out of bounds.
 */
export function trafficRulesOf(options: TrafficOptions): (name: string) => TrafficRules {
  const {
    subgraphDeadlineMs: deadlineMs,
    subgraphRetries: retries,
    circuitBreaker,
    subgraphs = {},
  } = options;
  const all = {
    ...defaultTrafficRules,
    ...check('the rules for all subgraphs', defined({ deadlineMs, retries, circuitBreaker })),
  };
  const each = new Map(
    Object.entries(subgraphs).map(([name, rules]) => [
      name,
      { ...all, ...check(`the rules for the subgraph ${name}`, defined(rules)) },
    ]),
  );
  return (name) => each.get(name) ?? all;
}

/**
 * Rules for a subgraph that is not there are a misspelt name.
 * @throws TypeError that says which names there are.
 */
export function refuseUnknownSubgraphs(named: readonly string[], known: Iterable<string>): void {
  const names = new Set(known);
  const unknown = [...new Set(named)].filter((name) => !names.has(name));
  if (unknown.length === 0) return;
  throw new TypeError(
    `there are rules for ${unknown.join(', ')}, but the supergraph has only ${[...names].join(', ')}`,
  );
}

function check(what: string, rules: Partial<TrafficRules>): Partial<TrafficRules> {
  const checked = trafficRulesSchema.safeParse(rules);
  if (checked.success) return rules;
  throw new TypeError(`${what} do not fit: ${z.prettifyError(checked.error)}`);
}

/** Without what is there and undefined, which would take the place of a default. */
function defined(rules: {
  readonly [K in keyof TrafficRules]?: TrafficRules[K] | undefined;
}): Partial<TrafficRules> {
  return Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== undefined));
}
