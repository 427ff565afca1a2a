import { GraphQLError, Kind, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import type { Generation } from '../supergraph/generation.ts';
import { moveClashingKeys } from './client-keys.ts';
import { moveClashingVariables } from './client-variables.ts';
import { expandDeferred, saysIncremental, withoutDefer } from './defer-directive.ts';
import { createDeferredOperation } from './deferred-operation.ts';
import { makePlan } from './make-plan.ts';
import { assertPlannable } from './operation-size.ts';
import { unplannedFields } from './plan-check/unplanned-fields.ts';
import { assertCheapToPlan } from './planning-cost.ts';
import type { PlannedOperation } from './planned-operation.ts';

/**
 * Plans an operation, or finds the plan made before for the same text, or why there is none: finding out takes more planning than a plan.
 * @param key names the document's text; see `documentKey`.
 * @param document valid against the generation's API schema.
 * @throws GraphQLError OPERATION_TOO_LARGE, OPERATION_NOT_PLANNABLE; STREAM_NOT_SUPPORTED, and GRAPHQL_VALIDATION_FAILED for a misplaced `@defer`.
 */
export function planOperation(
  generation: Generation,
  key: string,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): PlannedOperation {
  const cacheKey = `${key}:${operation.name?.value ?? ''}`;
  const known = generation.plans.get(cacheKey);
  if (known !== undefined) return known;
  const refused = generation.refusals.get(cacheKey);
  if (refused !== undefined) throw again(refused);
  try {
    const planned = plan(generation, cacheKey, document, operation);
    generation.plans.set(cacheKey, planned);
    return planned;
  } catch (error) {
    if (error instanceof Error && !isOfDocument(error)) generation.refusals.set(cacheKey, error);
    throw error;
  }
}

/**
 * Whether it is known already what {@link planOperation} will say, as far as can be told before the document is parsed: of an operation with a name,
 * only to those that give it.
 */
export function isPlanned(
  generation: Generation,
  key: string,
  operationName: string | null | undefined,
): boolean {
  const cacheKey = `${key}:${operationName ?? ''}`;
  return generation.plans.get(cacheKey) !== undefined || generation.refusals.get(cacheKey) !== undefined;
}

/** Whether an error points into the document. Those are found before anything is planned, and would keep the document. */
function isOfDocument(error: Error): boolean {
  return error instanceof GraphQLError && error.nodes !== undefined;
}

/** For each request one of its own: plugins of Apollo Server may write into what they are given. */
function again(refused: Error): Error {
  if (!(refused instanceof GraphQLError)) return refused;
  const { message, originalError = null, extensions } = refused;
  return new GraphQLError(message, { originalError, extensions: { ...extensions } });
}

function plan(
  generation: Generation,
  cacheKey: string,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): PlannedOperation {
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  assertPlannable(document, operation);
  assertCheapToPlan(generation, document, operation);
  const own: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
  const { document: renamed, clientVariables } = moveClashingVariables(own);
  const { document: executed, clientKeys } = moveClashingKeys(renamed, generation.repairs.planNames);
  const planned = (inline: DocumentNode): PlannedOperation => {
    const made = makePlan(generation, inline, clientKeys);
    return {
      document: inline,
      operation: inline.definitions[0] as OperationDefinitionNode,
      plan: made,
      assumed: unplannedFields(generation, inline, made, false),
      clientKeys,
      clientVariables,
    };
  };
  if (!saysIncremental(executed)) return planned(executed);
  const expanded = expandDeferred(executed, executed.definitions[0] as OperationDefinitionNode);
  const inline = planned(withoutDefer(executed));
  if (expanded.fragments.length === 0) return inline;
  const deferred = createDeferredOperation(expanded, inline.plan, {
    // There is a plan already: one that defers is not worth many attempts.
    planQuery: (part) => makePlan(generation, part, clientKeys, 1),
    plans: generation.deferringPlans,
    cacheKey,
  });
  return { ...inline, deferred };
}
