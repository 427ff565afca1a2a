import { Kind, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import type { Generation } from '../supergraph/generation.ts';
import { moveClashingKeys } from './client-keys.ts';
import { moveClashingVariables } from './client-variables.ts';
import { expandDeferred, saysIncremental, withoutDefer } from './defer-directive.ts';
import { createDeferredOperation } from './deferred-operation.ts';
import { makePlan } from './make-plan.ts';
import { assertPlannable } from './operation-size.ts';
import type { PlannedOperation } from './planned-operation.ts';

/**
 * Plans an operation, or finds the plan made before for the same text.
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
  const planned = plan(generation, document, operation);
  generation.plans.set(cacheKey, planned);
  return planned;
}

function plan(
  generation: Generation,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): PlannedOperation {
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  assertPlannable(document, operation);
  const own: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
  const { document: renamed, clientVariables } = moveClashingVariables(own);
  const { document: executed, clientKeys } = moveClashingKeys(renamed, generation.repairs.planNames);
  const planned = (inline: DocumentNode): PlannedOperation => ({
    document: inline,
    operation: inline.definitions[0] as OperationDefinitionNode,
    plan: makePlan(generation, inline, clientKeys),
    clientKeys,
    clientVariables,
  });
  if (!saysIncremental(executed)) return planned(executed);
  const expanded = expandDeferred(executed, executed.definitions[0] as OperationDefinitionNode);
  const inline = planned(withoutDefer(executed));
  if (expanded.fragments.length === 0) return inline;
  const deferred = createDeferredOperation(expanded, inline.plan, (part) =>
    // There is a plan already: one that defers is not worth many attempts.
    makePlan(generation, part, clientKeys, 1),
  );
  return { ...inline, deferred };
}
