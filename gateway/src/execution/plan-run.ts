import type { GraphQLError } from 'graphql';
import type { SubgraphClient } from '../subgraph/subgraph-client.ts';
import type { RequestContext } from '../request-context.ts';
import type { Generation } from '../supergraph/generation.ts';
import type { JsonObject } from './json.ts';
import type { Target } from './target.ts';

/** One execution of a plan: what it may use, and what it has gathered so far. */
export interface PlanRun {
  readonly generation: Generation;
  readonly client: SubgraphClient;
  readonly context: RequestContext;
  /** Aborts the run's fetches. Not always the client's leaving: a mutation goes on to its end. */
  readonly signal: AbortSignal;
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
  readonly failures: FailureLedger;
  /** Is told of each fetch of the plan that has an id, when it is over: deferred fragments may begin before everything else is there. */
  readonly onFetched?: (id: string) => void;
}

/**
 * Remembers which fields of which objects a failed fetch would have brought, so that the error is told at exactly the fields that are
 * null because of it, with the response path that they have in this operation.
 */
export interface FailureLedger {
  add(targets: readonly Target[], keys: Iterable<string>, error: GraphQLError): void;
  /** Like `add`, for an error whose place in the response is known and that is told there. */
  excuse(target: Target, keys: Iterable<string>, told: GraphQLError): void;
  /** Tells why a field is absent, and counts that as telling the client. */
  explain(object: JsonObject, key: string): GraphQLError | undefined;
  /** Why an object lacks something, without telling the client. */
  firstOf(object: JsonObject): GraphQLError | undefined;
  /** What was noted of an object, by key. */
  of(object: JsonObject): ReadonlyMap<string, GraphQLError> | undefined;
  /** Whether nothing failed. */
  isEmpty(): boolean;
  /** Failures that no field of the response was explained with: they have to be told without a place. */
  untold(): GraphQLError[];
}

export function createFailureLedger(): FailureLedger {
  const byObject = new WeakMap<JsonObject, Map<string, GraphQLError>>();
  const untold = new Set<GraphQLError>();
  let empty = true;
  const note = ({ object }: Target, keys: Iterable<string>, error: GraphQLError): void => {
    const byKey = byObject.get(object) ?? new Map<string, GraphQLError>();
    byObject.set(object, byKey);
    empty = false;
    for (const key of keys) if (!byKey.has(key)) byKey.set(key, error);
  };
  return {
    of: (object) => byObject.get(object),
    isEmpty: () => empty,
    add(targets, keys, error) {
      empty = false;
      untold.add(error);
      for (const target of targets) note(target, keys, error);
    },
    excuse: note,
    explain(object, key) {
      const error = byObject.get(object)?.get(key);
      if (error !== undefined) untold.delete(error);
      return error;
    },
    firstOf: (object) => byObject.get(object)?.values().next().value,
    untold: () => [...untold],
  };
}
