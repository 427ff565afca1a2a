import type { JsonObject, JsonValue } from '../json.ts';
import type { PlanRun } from '../plan-run.ts';

/** One execution of a compiled plan. */
export interface CompiledRun extends PlanRun {
  /** No string of the merged data needs escaping: no response that it came from held a backslash. */
  plain: boolean;
  /**
   * Containers that stand at several places of the data, because several objects were represented alike; with the text that they were
   * last written as. Only plans in which nobody fills such a container differently have any.
   */
  readonly shared: Map<JsonValue, WrittenText | undefined>;
}

/** The text of a container, as one field's writer made it. */
export interface WrittenText {
  readonly writer: object;
  readonly text: string;
}

/** A step of a compiled plan: works on objects of the response, and writes failures to the run like the interpreter does. */
export type Step = (run: CompiledRun, targets: readonly JsonObject[]) => Promise<void>;
