import type { UnplannedField } from '../operation/plan-check/unplanned-fields.ts';
import { subrequestError, SubrequestFailure } from '../subgraph/subrequest-failure.ts';
import { getOwn, isJsonObject, type JsonValue } from '../json.ts';
import type { PlanRun } from './plan-run.ts';
import { serviceOfField } from './service-of-field.ts';

/**
 * Blames what is absent on a subgraph that answered a shared field (`@shareable`) with an object of a type that another subgraph of the field does not
 * know. The planner takes it that this does not happen, so nobody was asked for the object's fields; without an error they would be null.
 */
export function blameAssumedTypes(run: PlanRun, assumed: readonly UnplannedField[]): void {
  for (const { place, key, types } of assumed) {
    const service = serviceOfField(run.plan, place) ?? 'unknown';
    const blame = (value: JsonValue, depth: number): void => {
      if (Array.isArray(value)) for (const item of value) blame(item, depth);
      if (!isJsonObject(value)) return;
      const step = place[depth];
      if (step !== undefined) blame(getOwn(value, step), depth + 1);
      else if (types.includes(getOwn(value, '__typename') as string) && getOwn(value, key) === undefined) {
        const reason = `an object of a type that not all subgraphs of ${place.join('.')} know`;
        const failure = new SubrequestFailure('SUBREQUEST_INVALID_DATA', reason);
        run.failures.recordReported({ object: value, path: [] }, [key], subrequestError(failure, service));
      }
    };
    blame(run.data, 0);
  }
}
