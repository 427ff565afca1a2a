import type { PlannedOperation } from '../operation/planned-operation.ts';
import type { RequestContext } from '../request-context.ts';
import type { Generation } from '../supergraph/generation.ts';

/** A planned operation with what one request brings to it. */
export interface OperationRequest {
  readonly generation: Generation;
  readonly planned: PlannedOperation;
  /** As the client sent them. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
}
