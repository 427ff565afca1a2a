import { operationFromDocument } from '@apollo/federation-internals';
import type { PlanNode, QueryPlan } from '@apollo/query-planner';
import { GraphQLError, type DocumentNode } from 'graphql';
import { conditionVariables } from '../execution/compiled/condition-variables.ts';
import type { Generation } from '../supergraph/generation.ts';
import { restoreStandIns } from '../supergraph/repair/restore-stand-ins.ts';
import { separateConflictingFields } from '../supergraph/repair/separate-conflicting-fields.ts';
import { clientPath, type ClientKeys } from './client-keys.ts';
import { rephrase, withoutExcluded } from './rephrase.ts';
import type { ConditionValues } from './selection-conditions.ts';
import { unplannedFields } from './unplanned-fields.ts';

/** How often the planner is asked for the parts of one operation. */
const maxAttempts = 40;

/**
 * Has Apollo's planner make a plan, and sees to it that the plan answers the whole operation: a planner that gave up or left out a field is asked again in other
 * words, and then for each value of a condition by itself.
 * @param document one operation and its fragments, valid against the generation's API schema, in which no alias clashes with the plan's names.
 * @throws GraphQLError OPERATION_NOT_PLANNABLE when nothing helped.
 */
export function makePlan(generation: Generation, document: DocumentNode, clientKeys: ClientKeys): QueryPlan {
  const included = withoutExcluded(document);
  const planned = attempt(generation, included);
  if (isComplete(planned)) return executable(generation, planned.plan);

  let attempts = 0;
  const planFor = (values: ConditionValues, variables: readonly string[]): QueryPlan => {
    const rephrased = rephrase(generation.executionSchema, included, values);
    const again = attempt(generation, rephrased);
    if (isComplete(again)) return again.plan;
    attempts += 1;
    const [variable, ...others] = variables;
    if (variable === undefined || attempts > maxAttempts) throw notPlannable(again, clientKeys);
    const [ifClause, elseClause] = [true, false].map(
      (value) => planFor(new Map(values).set(variable, value), others).node,
    );
    // The plan of a subscription begins with its stream, whatever else depends on a condition.
    if (ifClause?.kind === 'Subscription' || elseClause?.kind === 'Subscription')
      throw notPlannable(again, clientKeys);
    return { kind: 'QueryPlan', node: conditionNode(variable, ifClause, elseClause) };
  };
  const plan = planFor(new Map(), conditionVariables(included));
  return executable(generation, plan);
}

/** The plan as subgraphs understand it. */
function executable({ repaired, subgraphSchemas }: Generation, plan: QueryPlan): QueryPlan {
  return separateConflictingFields(restoreStandIns(plan, repaired.standIns), subgraphSchemas);
}

function conditionNode(condition: string, ifClause?: PlanNode, elseClause?: PlanNode): PlanNode {
  return {
    kind: 'Condition',
    condition,
    ...(ifClause === undefined ? {} : { ifClause }),
    ...(elseClause === undefined ? {} : { elseClause }),
  };
}

type Attempt =
  | { readonly plan: QueryPlan; readonly unplanned: readonly string[] }
  /** The planner gave up. */
  | { readonly cause: unknown };

function isComplete(made: Attempt): made is Extract<Attempt, { plan: QueryPlan }> {
  return 'plan' in made && made.unplanned.length === 0;
}

function attempt(generation: Generation, document: DocumentNode): Attempt {
  // Validated by the caller already; validating again would double the cost of the first request.
  const federated = operationFromDocument(generation.federatedApiSchema, document, { validate: false });
  try {
    const plan = generation.planner.buildQueryPlan(federated);
    return { plan, unplanned: unplannedFields(generation, document, plan) };
  } catch (cause) {
    return { cause };
  }
}

function notPlannable(failed: Attempt, clientKeys: ClientKeys): GraphQLError {
  const told =
    'plan' in failed
      ? failed.unplanned.map((path) => clientPath(clientKeys, path.split('.')).join('.')).join(', ')
      : undefined;
  return new GraphQLError(
    told === undefined
      ? 'The gateway found no way to fetch what this operation asks for.'
      : `No subgraph can be asked for ${told} in this place.`,
    {
      originalError: 'cause' in failed && failed.cause instanceof Error ? failed.cause : null,
      extensions: { code: 'OPERATION_NOT_PLANNABLE', http: { status: 500 } },
    },
  );
}
