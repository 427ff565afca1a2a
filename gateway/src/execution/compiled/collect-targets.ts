import type { ResponsePath } from '@apollo/query-planner';
import { getOwn, type JsonObject, type JsonValue } from '../../json.ts';
import type { CompiledRun } from './compiled-run.ts';

/**
 * Follows a path from the root of the response like `targetsAt`, without writing down where it has been. What stands at several places is
 * visited once: everything below it is the same at each of them.
 */
export function collectTargets({ data, shared }: CompiledRun, path: ResponsePath): JsonObject[] {
  const found: JsonObject[] = [];
  const seen = shared === undefined ? undefined : new Set<JsonValue>();
  const walk = (value: JsonValue, depth: number): void => {
    if (typeof value !== 'object' || value === null) return;
    if (seen !== undefined && shared!.has(value)) {
      if (seen.has(value)) return;
      seen.add(value);
    }
    const step = path[depth];
    if (Array.isArray(value)) {
      if (step === '@') for (const element of value) walk(element, depth + 1);
    } else if (step === undefined) found.push(value);
    else if (step !== '@') walk(getOwn(value, String(step)), depth + 1);
  };
  walk(data, 0);
  return found;
}
