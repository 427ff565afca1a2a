import type { QueryPlan } from '@apollo/query-planner';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';

/** An operation with the way to answer it. */
export interface PlannedOperation {
  /** The operation and the fragments of its document, and no other operation. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly plan: QueryPlan;
}
