import type { LeaveSignal } from '../../aborting.ts';
import type { SubgraphClient } from '../../subgraph/subgraph-client.ts';
import { isJsonObject, setOwn, type JsonObject, type JsonValue } from '../../json.ts';
import { FailedFields } from '../failed-fields.ts';
import type { PlanRun } from '../plan-run.ts';

/**
 * A run that goes on from what another one has gathered, without being seen by it: fetches of deferred fragments may overwrite what others
 * still need, a key with a field whose alias is the key's name, or a value with the null of a failure.
 */
export function branchRun(run: PlanRun, changes: { client?: SubgraphClient; signal: LeaveSignal }): PlanRun {
  const failures = new FailedFields();
  const keepFailures = run.failures.isEmpty()
    ? undefined
    : (copy: JsonObject, original: JsonObject): void => {
        for (const [key, error] of run.failures.of(original) ?? [])
          failures.recordReported({ object: copy, path: [] }, [key], error);
      };
  return {
    ...run,
    ...changes,
    data: copyObject(run.data, keepFailures),
    errors: [...run.errors],
    failures,
  };
}

type OnCopy = (copy: JsonObject, original: JsonObject) => void;

function copyObject(original: JsonObject, onCopy: OnCopy | undefined): JsonObject {
  const copy: JsonObject = {};
  for (const key of Object.keys(original)) setOwn(copy, key, copied(original[key], onCopy));
  onCopy?.(copy, original);
  return copy;
}

function copied(value: JsonValue, onCopy: OnCopy | undefined): JsonValue {
  if (Array.isArray(value)) return value.map((item) => copied(item, onCopy));
  return isJsonObject(value) ? copyObject(value, onCopy) : value;
}
