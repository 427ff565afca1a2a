import type { CheckResult } from '@trellis/lifecycle';
import type { CircuitPosition } from './circuit-breaker.ts';

/** How a subgraph is doing, as it says and as its circuit breaker has found: one that is not asked cannot be well. */
export function healthBehindCircuit(health: CheckResult, circuit: CircuitPosition): CheckResult {
  if (circuit === 'closed' || health.status === 'down') return health;
  return { ...health, status: 'degraded', detail: `its circuit is ${circuit}` };
}
