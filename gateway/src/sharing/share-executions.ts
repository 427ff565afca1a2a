import type { Answer } from '../execution/compiled/answer-compiled.ts';
import type { Engine } from '../execution/engine.ts';
import { isTooDeepJson } from '../json-depth.ts';
import type { PlannedOperation } from '../operation/planned-operation.ts';
import { callerKey } from './caller-key.ts';
import { createInFlight, type InFlight } from './in-flight.ts';

/**
 * An engine that executes equal queries of one caller once while they are in flight: the same operation with the same variables, identity and
 * forwarded headers. Only `answer` does so, which serves what clients send again and again.
 */
export function shareExecutions(engine: Engine): Engine {
  const inFlight = new WeakMap<PlannedOperation, InFlight<Answer>>();
  const inFlightOf = (planned: PlannedOperation): InFlight<Answer> => {
    let known = inFlight.get(planned);
    if (known === undefined) inFlight.set(planned, (known = createInFlight()));
    return known;
  };
  return {
    ...engine,
    answer(request) {
      const { planned, variables, context } = request;
      // Whoever is given headers of subgraphs' responses needs an execution of their own.
      if (planned.operation.operation !== 'query' || context.responseHeaders !== undefined)
        return engine.answer(request);
      // It is refused, and cannot be made a key of.
      if (isTooDeepJson(variables)) return engine.answer(request);
      const key = callerKey(context) + JSON.stringify(variables);
      return inFlightOf(planned).join(key, context, (signal) =>
        engine.answer({ ...request, context: { ...context, signal } }),
      );
    },
  };
}
