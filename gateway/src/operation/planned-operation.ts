import type { QueryPlan } from '@apollo/query-planner';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { ClientKeys } from './client-keys.ts';
import type { ClientVariables } from './client-variables.ts';
import type { DeferredOperation } from './deferred-operation.ts';
import type { UnplannedField } from './plan-check/unplanned-fields.ts';

/** An operation with the way to answer it. */
export interface PlannedOperation {
  /** The operation and the fragments of its document, and no other operation, with its aliases and variables as in the plan. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly plan: QueryPlan;
  /** Fields that nobody is asked for on objects of some types, because of what the planner takes `@shareable` to promise. Hardly ever any. */
  readonly assumed: readonly UnplannedField[];
  readonly clientKeys: ClientKeys;
  readonly clientVariables: ClientVariables;
  /** How to answer it in parts; absent when it defers nothing. Document, operation and plan above are those without `@defer`. */
  readonly deferred?: DeferredOperation;
}
