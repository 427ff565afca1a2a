import type { QueryPlan } from '@apollo/query-planner';
import type { GraphQLError } from 'graphql';
import type { LeaveSignal } from '../aborting.ts';
import type { SubgraphClient } from '../subgraph/subgraph-client.ts';
import type { RequestContext } from '../request-context.ts';
import type { Generation } from '../supergraph/generation.ts';
import type { FailedFields } from './failed-fields.ts';
import type { JsonObject } from '../json.ts';

/** One execution of a plan: what it may use, and what it has gathered so far. */
export interface PlanRun {
  readonly generation: Generation;
  /** The operation's, as if nothing of it were deferred. */
  readonly plan: QueryPlan;
  readonly client: SubgraphClient;
  readonly context: RequestContext;
  /** Aborts the run's fetches. Not always the client's leaving: a mutation goes on to its end. */
  readonly signal: LeaveSignal;
  /** No fetch is waited for after this, on the clock of `performance.now()`. */
  readonly deadlineAt: number;
  /** The client's variables, as they came: subgraphs coerce them themselves. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** The same after coercion, defaults filled in: what conditions are decided by. */
  readonly coercedVariables: Readonly<Record<string, unknown>>;
  /** The merged data. */
  readonly data: JsonObject;
  /** Errors whose place in the response is known. */
  readonly errors: GraphQLError[];
  readonly failures: FailedFields;
  /** Is told of each fetch of the plan that has an id, when it is over: deferred fragments may begin before everything else is there. */
  readonly onFetched?: (id: string) => void;
}
