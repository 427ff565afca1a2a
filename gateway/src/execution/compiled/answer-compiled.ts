import type { ExecutionResult } from 'graphql';
import { clientResult } from '../../operation/client-keys.ts';
import type { PlannedOperation } from '../../operation/planned-operation.ts';
import type { PlanRun } from '../plan-run.ts';
import { shapeResponse } from '../shape-response.ts';
import { blameAssumedTypes } from '../blame-assumed-types.ts';
import type { CompiledOperation } from './compile-operation.ts';
import type { CompiledRun } from './compiled-run.ts';
import type { SentBytes } from './json-bytes.ts';
import { unfit } from './unfit.ts';

/** An answer to a query or mutation. */
export type Answer =
  /** The response's body. It has no errors. */
  | { readonly kind: 'written'; readonly body: SentBytes }
  | { readonly kind: 'result'; readonly result: ExecutionResult }
  /** Nothing was executed: the variables do not fit. */
  | { readonly kind: 'refused' };

/** Runs a compiled operation. A response with errors is shaped by `shapeResponse` from the same data: errors have one way to be made. */
export async function answerCompiled(
  compiled: CompiledOperation,
  planRun: PlanRun,
  planned: PlannedOperation,
): Promise<Answer> {
  const run = compiledRun(planRun);
  await compiled.execute(run);
  blameAssumedTypes(run, planned.assumed);
  const body = run.errors.length === 0 && run.failures.isEmpty() ? write(compiled, run) : undefined;
  if (body === undefined)
    return { kind: 'result', result: clientResult(planned.clientKeys, shapeResponse(run, planned)) };
  return { kind: 'written', body };
}

/** Written out: to assign to the run, or to spread it, costs as much as the rest of a small execution. */
function compiledRun(run: PlanRun): CompiledRun {
  return {
    generation: run.generation,
    plan: run.plan,
    client: run.client,
    context: run.context,
    signal: run.signal,
    deadlineAt: run.deadlineAt,
    variables: run.variables,
    coercedVariables: run.coercedVariables,
    data: run.data,
    errors: run.errors,
    failures: run.failures,
    plain: true,
    ascii: true,
    shared: undefined,
    answered: undefined,
  };
}

function write(compiled: CompiledOperation, run: CompiledRun): SentBytes | undefined {
  const project = compiled.projection(run.coercedVariables);
  if (project === undefined) return undefined;
  try {
    return project(run);
  } catch (error) {
    if (error === unfit) return undefined;
    throw error;
  }
}
