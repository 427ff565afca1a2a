import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel';
import { createFailureWindow } from './failure-window.ts';
import { isFault, SubrequestFailure } from '../subrequest-failure.ts';
import type { CircuitBreakerRules } from './traffic-rules.ts';

/** `half-open`: one request is on its way to see whether the subgraph is back. */
export type CircuitPosition = 'closed' | 'open' | 'half-open';

/** Keeps requests from a subgraph that fails (M. Nygard, Release It!, "Circuit Breaker"). */
export interface Circuit {
  position(): CircuitPosition;
  /** @throws SubrequestFailure SUBREQUEST_CIRCUIT_OPEN without sending; else whatever `send` throws. */
  run<T>(send: () => Promise<T>): Promise<T>;
}

const positions: Readonly<Record<CircuitState, CircuitPosition>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
};

/** @param onChange is told of each new position. */
export function createCircuit(
  rules: CircuitBreakerRules,
  onChange: (position: CircuitPosition) => void,
): Circuit {
  // A trial that ends without an answer counts, whatever the reason: a client that left does not show that the subgraph is back.
  const counts = handleWhen((error) => isFault(error) || policy.state === CircuitState.HalfOpen);
  const policy: CircuitBreakerPolicy = circuitBreaker(counts, {
    halfOpenAfter: rules.openMs,
    breaker: createFailureWindow(rules),
  });
  policy.onStateChange((state) => onChange(positions[state]));
  return {
    position: () => positions[policy.state],
    // Not an async function, which would be one more promise for each request.
    run(send) {
      // The library would let the others wait for the trial, past their own deadlines.
      if (policy.state === CircuitState.HalfOpen) return Promise.reject(circuitOpen());
      return policy.execute(send).catch((error: unknown) => {
        throw error instanceof BrokenCircuitError ? circuitOpen() : error;
      });
    },
  };
}

/** For subgraphs that are asked however often they fail. */
export const noCircuit: Circuit = { position: () => 'closed', run: async (send) => send() };

function circuitOpen(): SubrequestFailure {
  return new SubrequestFailure('SUBREQUEST_CIRCUIT_OPEN', 'it failed too often of late');
}
