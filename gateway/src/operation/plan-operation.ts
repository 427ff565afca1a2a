import { operationFromDocument } from '@apollo/federation-internals';
import { Kind, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import type { Generation } from '../supergraph/generation.ts';
import { isWorthKeeping } from './check-document.ts';
import { assertPlannable } from './operation-size.ts';
import type { PlannedOperation } from './planned-operation.ts';

/**
 * Plans an operation, or finds the plan made before for the same text.
 * @param key names the document's text; see `documentKey`.
 * @param document valid against the generation's API schema.
 * @throws GraphQLError OPERATION_TOO_LARGE.
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
  if (isWorthKeeping(document)) generation.plans.set(cacheKey, planned);
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
  // Validated by the caller already; validating again would double the cost of the first request.
  const federated = operationFromDocument(generation.federatedApiSchema, own, { validate: false });
  return { document: own, operation, plan: generation.planner.buildQueryPlan(federated) };
}
