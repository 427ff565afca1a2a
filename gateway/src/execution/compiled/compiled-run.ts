import type { RewrittenEntity } from '../rewrite-entity.ts';
import type { JsonValue } from '../../json.ts';
import type { PlanRun } from '../plan-run.ts';

/** One execution of a compiled plan. */
export interface CompiledRun extends PlanRun {
  /** No string of the merged data needs escaping: no response that it came from held a backslash. */
  plain: boolean;
  /** Every response that it came from was written in ASCII. */
  ascii: boolean;
  /**
   * Containers that stand at several places of the data, because several objects were represented alike; with the text that they were
   * last written as. Only plans in which nobody fills such a container differently have any. Absent until there is one.
   */
  shared: Map<JsonValue, WrittenText | undefined> | undefined;
  /**
   * Entities that were answered without an error, by what was asked of them (`ScheduledFetch.repeats`) and their representation. They are copied
   * from here, and stay as they came. Absent until there is one.
   */
  answered: Map<string, Map<string, RewrittenEntity>> | undefined;
}

/** Where the text of a container begins and ends in the response, as one field's writer wrote it. */
export interface WrittenText {
  readonly writer: object;
  readonly from: number;
  readonly to: number;
}

/** A part of a compiled plan: fills the run's data, and writes failures to the run like the interpreter does. */
export type Step = (run: CompiledRun) => Promise<void>;
