import type { FetchNode, PlanNode } from '@apollo/query-planner';
import type { ExecutionResult, FormattedExecutionResult } from 'graphql';
import type { Logger } from '@trellis/lifecycle';
import { clientResult } from '../operation/client-keys.ts';
import type { SubgraphClient } from '../subgraph/subgraph-client.ts';
import type { SubgraphResult } from '../subgraph/subgraph-result.ts';
import { subrequestError, SubrequestFailure } from '../subgraph/subrequest-failure.ts';
import { createAborting, type LeaveSignal } from '../aborting.ts';
import { clientLeft } from './client-left.ts';
import type { OperationRequest } from './operation-request.ts';
import { mergeRootResult, subgraphRequest } from './execute-fetch.ts';
import { executeNode } from './execute-node.ts';
import type { PlanRun } from './plan-run.ts';
import type { PresentResult } from './present-result.ts';
import { openResultStream, streamEnd, type StreamedAnswer } from './result-stream.ts';
import { shapeResponse } from './shape-response.ts';

/**
 * Opens the subgraph's stream that a Subscription node begins with; each of its events is then completed across subgraphs by the
 * node's `rest` and shaped like any response.
 * @param startRun begins the execution of one event.
 * @param stopping gives up a stream that is being opened; one that is open is its holder's to end.
 */
export async function subscribeToPlan(
  client: SubgraphClient,
  request: OperationRequest,
  logger: Logger,
  present: PresentResult,
  startRun: (signal: LeaveSignal) => PlanRun,
  stopping: LeaveSignal,
): Promise<StreamedAnswer> {
  const { node } = request.planned.plan;
  if (node?.kind !== 'Subscription') throw new Error('the plan is not that of a subscription');
  const { context } = request;
  const presented = (result: ExecutionResult): FormattedExecutionResult => present(result, context);
  const controller = createAborting();
  const leave = (): void => controller.abort();
  context.signal.addEventListener('abort', leave, { once: true });
  stopping.addEventListener('abort', leave, { once: true });
  if (context.signal.aborted || stopping.aborted) controller.abort();

  let upstream: AsyncGenerator<SubgraphResult, void, void>;
  try {
    upstream = await client.stream(subgraphRequest(startRun(controller.signal), node.primary));
  } catch (error) {
    context.signal.removeEventListener('abort', leave);
    if (context.signal.aborted) return { kind: 'result', result: { errors: [clientLeft().toJSON()] } };
    if (stopping.aborted) return { kind: 'result', result: streamEnd('GATEWAY_STOPPING', presented) };
    if (!(error instanceof SubrequestFailure)) throw error;
    const errors = [subrequestError(error, node.primary.serviceName)];
    return { kind: 'result', result: presented({ errors }) };
  } finally {
    stopping.removeEventListener('abort', leave);
  }
  const answer = (event: SubgraphResult): Promise<ExecutionResult> =>
    answerEvent(startRun(controller.signal), request, node, event);
  const stream = openResultStream({
    upstream,
    answer,
    controller,
    context,
    logger,
    present: presented,
    onEnded: () => context.signal.removeEventListener('abort', leave),
  });
  return { kind: 'stream', stream };
}

async function answerEvent(
  run: PlanRun,
  request: OperationRequest,
  node: { readonly primary: FetchNode; readonly rest?: PlanNode },
  event: SubgraphResult,
): Promise<ExecutionResult> {
  const root = [{ object: run.data, path: [] }];
  mergeRootResult(run, node.primary, root, event);
  if (node.rest !== undefined) await executeNode(run, node.rest, root);
  const shaped = clientResult(request.planned.clientKeys, shapeResponse(run, request.planned));
  // A subgraph that refuses the subscription answers without data; so does the gateway then.
  return event.data === undefined ? { errors: shaped.errors ?? [] } : shaped;
}
