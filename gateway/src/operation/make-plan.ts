import { operationFromDocument } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import { GraphQLError, visit, type DocumentNode } from 'graphql';
import { conditionVariables } from './condition-variables.ts';
import type { Generation } from '../supergraph/generation.ts';
import { restoreStandIns } from '../supergraph/repair/restore-stand-ins.ts';
import { separateConflictingFields } from '../supergraph/repair/separate-conflicting-fields.ts';
import { clientPath, type ClientKeys } from './client-keys.ts';
import { overrideCondition } from './override-labels.ts';
import { rephrase, withoutExcluded } from './rephrase.ts';
import { createPlanningBudget } from './planning-budget.ts';
import type { ConditionValues } from './selection-conditions.ts';
import { unplannedFields, type UnplannedField } from './plan-check/unplanned-fields.ts';

/** A plan is made for each combination of the labels of progressive overrides; of more labels than these, the last are off. */
const maxLabels = 6;

type OverrideLabels = ReadonlyMap<string, boolean>;

/** How often the planner is asked again for the parts of one operation. */
const usualAttempts = 40;

/**
 * Has Apollo's planner make a plan, and sees to it that the plan answers the whole operation: a planner that gave up or left out a field is asked again in other
 * words, and then for each value of a condition by itself.
 * @param document one operation and its fragments, valid against the generation's API schema, in which no alias clashes with the plan's names.
 * @param maxAttempts how often the planner is asked in other words before nothing is said to have helped.
 * @param spend is called before each plan, and throws when there have been enough; see `createPlanningBudget`.
 * @throws GraphQLError OPERATION_NOT_PLANNABLE when nothing helped, OPERATION_TOO_LARGE when it would take too many plans.
 */
export function makePlan(
  generation: Generation,
  document: DocumentNode,
  clientKeys: ClientKeys,
  maxAttempts = usualAttempts,
  spend = createPlanningBudget(),
): QueryPlan {
  const included = withoutExcluded(document);
  const planFor = (decided: OverrideLabels, [label, ...others]: readonly string[]): QueryPlan => {
    if (label === undefined) {
      const ask = (asked: DocumentNode): Attempt => {
        spend();
        return attempt(generation, asked, decided);
      };
      return planWith(generation, included, ask, clientKeys, maxAttempts);
    }
    const off = planFor(new Map(decided).set(label, false), others);
    // A subscription's plan begins with its stream, whatever else depends on a label.
    if (off.node?.kind === 'Subscription') return off;
    const on = planFor(new Map(decided).set(label, true), others);
    if (JSON.stringify(on) === JSON.stringify(off)) return off;
    return conditionalPlan(overrideCondition(label), on, off);
  };
  return executable(generation, planFor(new Map(), labelsOf(generation, included)));
}

/** The labels that the plan of an operation may depend on. */
function labelsOf({ repairs: { overrideLabels, planNames } }: Generation, document: DocumentNode): string[] {
  if (overrideLabels.size === 0) return [];
  const names = new Set(planNames.own);
  visit(document, { Field: ({ name }) => void names.add(name.value) });
  return [...overrideLabels]
    .filter(([, moved]) => [...moved].some((name) => names.has(name)))
    .map(([label]) => label)
    .slice(0, maxLabels);
}

function planWith(
  generation: Generation,
  document: DocumentNode,
  ask: (document: DocumentNode) => Attempt,
  clientKeys: ClientKeys,
  maxAttempts: number,
): QueryPlan {
  const planned = ask(document);
  if (isComplete(planned)) return planned.plan;
  let attempts = 0;
  const planFor = (values: ConditionValues, [variable, ...others]: readonly string[]): QueryPlan => {
    const again = ask(rephrase(generation.executionSchema, document, values));
    if (isComplete(again)) return again.plan;
    attempts += 1;
    if (variable === undefined || attempts >= maxAttempts) throw notPlannable(again, clientKeys);
    const on = planFor(new Map(values).set(variable, true), others);
    const off = planFor(new Map(values).set(variable, false), others);
    if (on.node?.kind === 'Subscription') throw notPlannable(again, clientKeys);
    return conditionalPlan(variable, on, off);
  };
  return planFor(new Map(), conditionVariables(document));
}

/** The plan as subgraphs understand it. */
function executable({ repairs, subgraphSchemas }: Generation, plan: QueryPlan): QueryPlan {
  return separateConflictingFields(restoreStandIns(plan, repairs.standIns), subgraphSchemas);
}

function conditionalPlan(condition: string, { node: on }: QueryPlan, { node: off }: QueryPlan): QueryPlan {
  if (on?.kind === 'Subscription' || off?.kind === 'Subscription')
    throw new Error('the plan of a subscription is no part of another');
  const ifClause = on === undefined ? {} : { ifClause: on };
  const elseClause = off === undefined ? {} : { elseClause: off };
  return { kind: 'QueryPlan', node: { kind: 'Condition', condition, ...ifClause, ...elseClause } };
}

type Attempt =
  | { readonly plan: QueryPlan; readonly unplanned: readonly UnplannedField[] }
  /** The planner gave up. */
  | { readonly cause: unknown };

function isComplete(made: Attempt): made is Extract<Attempt, { plan: QueryPlan }> {
  return 'plan' in made && made.unplanned.length === 0;
}

function attempt(generation: Generation, document: DocumentNode, labels: OverrideLabels): Attempt {
  // Validated by the caller already; validating again would double the cost of the first request.
  const federated = operationFromDocument(generation.federatedApiSchema, document, { validate: false });
  let plan: QueryPlan;
  try {
    plan = generation.planner.buildQueryPlan(federated, { overrideConditions: new Map(labels) });
  } catch (cause) {
    return { cause };
  }
  // Not above: what fails in here is no fault of the planner's, and asking it again mends nothing.
  return { plan, unplanned: unplannedFields(generation, document, plan, true) };
}

function notPlannable(failed: Attempt, clientKeys: ClientKeys): GraphQLError {
  const told =
    'plan' in failed
      ? failed.unplanned.map(({ place, key }) => clientPath(clientKeys, [...place, key]).join('.'))
      : undefined;
  return new GraphQLError(
    told === undefined
      ? 'The gateway found no way to fetch what this operation asks for.'
      : `No subgraph can be asked for ${[...new Set(told)].join(', ')} in this place.`,
    {
      originalError: 'cause' in failed && failed.cause instanceof Error ? failed.cause : null,
      extensions: { code: 'OPERATION_NOT_PLANNABLE', http: { status: 500 } },
    },
  );
}
