import { operationFromDocument } from '@apollo/federation-internals';
import type { QueryPlan } from '@apollo/query-planner';
import { GraphQLError, Kind, visit, type DocumentNode, type FieldNode } from 'graphql';
import type { Generation } from '../supergraph/generation.ts';
import { restoreStandIns } from '../supergraph/repair/restore-stand-ins.ts';
import { clientPath, type ClientKeys } from './client-keys.ts';
import { unplannedFields } from './unplanned-fields.ts';

/**
 * Has Apollo's planner make a plan, and sees to it that the plan answers the whole operation.
 * @param document one operation and its fragments, valid against the generation's API schema, in which no alias clashes with the plan's names.
 * @throws GraphQLError OPERATION_NOT_PLANNABLE when it would leave out a field.
 */
export function makePlan(generation: Generation, document: DocumentNode, clientKeys: ClientKeys): QueryPlan {
  const first = attempt(generation, document, document);
  const { plan, unplanned, cause } =
    first.plan !== undefined && first.unplanned.length === 0
      ? first
      : attempt(generation, withTypenames(document), document);
  if (plan === undefined)
    throw notPlannable('The gateway found no way to fetch what this operation asks for.', cause);
  if (unplanned.length > 0) {
    const told = unplanned.map((path) => clientPath(clientKeys, path.split('.')).join('.'));
    throw notPlannable(`No subgraph can be asked for ${told.join(', ')} in this place.`);
  }
  return restoreStandIns(plan, generation.repaired.standIns);
}

interface Attempt {
  /** Absent when the planner gave up, by `cause`. */
  readonly plan?: QueryPlan;
  readonly unplanned: readonly string[];
  readonly cause?: unknown;
}

/**
 * @param document what is planned.
 * @param asked what has to be answered by it.
 */
function attempt(generation: Generation, document: DocumentNode, asked: DocumentNode): Attempt {
  // Validated by the caller already; validating again would double the cost of the first request.
  const federated = operationFromDocument(generation.federatedApiSchema, document, { validate: false });
  try {
    const plan = generation.planner.buildQueryPlan(federated);
    return { plan, unplanned: unplannedFields(generation, asked, plan) };
  } catch (cause) {
    return { unplanned: [], cause };
  }
}

function notPlannable(message: string, cause?: unknown): GraphQLError {
  return new GraphQLError(message, {
    originalError: cause instanceof Error ? cause : null,
    extensions: { code: 'OPERATION_NOT_PLANNABLE', http: { status: 500 } },
  });
}

/**
 * Asks for the type of every object. The planner forgets a field whose selections can hold of no type that its subgraph knows; with this selection there is one
 * that always does. Under its own name the planner would take it for one that others bring along.
 */
function withTypenames(document: DocumentNode): DocumentNode {
  const typename: FieldNode = {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: '__typename__anchor' },
    name: { kind: Kind.NAME, value: '__typename' },
  };
  return visit(document, {
    Field: {
      leave: (field) =>
        field.selectionSet === undefined
          ? undefined
          : {
              ...field,
              selectionSet: {
                ...field.selectionSet,
                selections: [...field.selectionSet.selections, typename],
              },
            },
    },
  });
}
