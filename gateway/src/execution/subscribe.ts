import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { GraphQLError, type ExecutionResult, type FormattedExecutionResult } from 'graphql';
import type { Logger } from '@trellis/lifecycle';
import type { ErrorCode } from '../error-codes.ts';
import { clientResult } from '../operation/client-keys.ts';
import type { RequestContext } from '../request-context.ts';
import type { SubgraphClient } from '../subgraph/subgraph-client.ts';
import type { SubgraphResult } from '../subgraph/subgraph-result.ts';
import { subrequestError, SubrequestFailure } from '../subgraph/subrequest-failure.ts';
import { createAborting } from './aborting.ts';
import { clientLeft } from './client-left.ts';
import type { OperationRequest } from './operation-request.ts';
import { mergeRootResult, subgraphRequest } from './execute-fetch.ts';
import { executeNode } from './execute-node.ts';
import type { PlanRun } from './plan-run.ts';
import { shapeResponse } from './shape-response.ts';

/** Why a stream is ended before its subgraph completes it. */
export type StreamEnd = Extract<
  ErrorCode,
  'SUBSCRIPTION_UPSTREAM_LOST' | 'SUBSCRIPTION_TOKEN_EXPIRED' | 'GATEWAY_STOPPING'
>;

const endMessages: Record<StreamEnd, string> = {
  SUBSCRIPTION_UPSTREAM_LOST: 'The source of this subscription went away: subscribe again.',
  SUBSCRIPTION_TOKEN_EXPIRED: 'The access token has expired: subscribe again with a new one.',
  GATEWAY_STOPPING: 'The gateway is stopping: subscribe again.',
};

/** Whether a result is the last of a stream, which was ended before its subgraph completed it. */
export function endsStream({ errors }: FormattedExecutionResult): boolean {
  return errors?.length === 1 && Object.hasOwn(endMessages, String(errors[0]!.extensions?.['code']));
}

/**
 * The results of a subscription, made one at a time as they are asked for. `return` gives the stream up at once, even while the next
 * event is awaited.
 */
export interface ResultStream extends AsyncGenerator<FormattedExecutionResult, void, void> {
  /** Ends the stream with a last result that holds an error of this code. Fulfilled when its reader has taken that. */
  end(code: StreamEnd): Promise<void>;
  /** Fulfilled when nothing of the stream is left. */
  readonly ended: Promise<void>;
}

/** Logs what went wrong and masks what a client must not see. */
export type PresentResult = (result: ExecutionResult, context: RequestContext) => FormattedExecutionResult;

/**
 * Opens the subgraph's stream that a Subscription node begins with; each of its events is then completed across subgraphs by the
 * node's `rest` and shaped like any response.
 * @param startRun begins the execution of one event.
 */
export async function subscribeToPlan(
  client: SubgraphClient,
  request: OperationRequest,
  logger: Logger,
  present: PresentResult,
  startRun: (signal: AbortSignal) => PlanRun,
): Promise<ResultStream | FormattedExecutionResult> {
  const { node } = request.planned.plan;
  if (node?.kind !== 'Subscription') throw new Error('the plan is not that of a subscription');
  const { context } = request;
  const controller = createAborting();
  const leave = (): void => controller.abort();
  context.signal.addEventListener('abort', leave, { once: true });
  if (context.signal.aborted) controller.abort();

  let upstream: AsyncGenerator<SubgraphResult, void, void>;
  try {
    upstream = await client.stream(subgraphRequest(startRun(controller.signal), node.primary));
  } catch (error) {
    context.signal.removeEventListener('abort', leave);
    if (context.signal.aborted) return { errors: [clientLeft().toJSON()] };
    if (!(error instanceof SubrequestFailure)) throw error;
    return present({ errors: [subrequestError(error, node.primary.serviceName)] }, context);
  }
  const answer = (event: SubgraphResult): Promise<ExecutionResult> =>
    answerEvent(startRun(controller.signal), request, node, event);
  return openStream({
    upstream,
    answer,
    controller,
    context,
    logger,
    present: (result) => present(result, context),
    onEnded: () => context.signal.removeEventListener('abort', leave),
  });
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

function openStream(parts: {
  readonly upstream: AsyncGenerator<SubgraphResult, void, void>;
  readonly answer: (event: SubgraphResult) => Promise<ExecutionResult>;
  readonly controller: AbortController;
  readonly context: RequestContext;
  readonly logger: Logger;
  readonly present: (result: ExecutionResult) => FormattedExecutionResult;
  readonly onEnded: () => void;
}): ResultStream {
  const { upstream, answer, controller, context, logger, present, onEnded } = parts;
  let endCode: StreamEnd | undefined;
  let markEnded = (): void => {};
  const ended = new Promise<void>((resolve) => (markEnded = resolve));

  async function* results(): AsyncGenerator<FormattedExecutionResult, void, void> {
    try {
      for await (const event of upstream) yield present(await answer(event));
    } catch (error) {
      // Given up by the client: nobody is left to tell.
      if (controller.signal.aborted && endCode === undefined) return;
      yield present({ errors: [endCode === undefined ? brokenStream(error) : streamError(endCode)] });
    } finally {
      controller.abort();
      finish();
    }
  }

  const brokenStream = (error: unknown): GraphQLError => {
    if (!(error instanceof SubrequestFailure))
      return new GraphQLError('a stream broke', { originalError: asError(error) });
    const { code, reason } = error;
    logger.warn({ correlationId: context.correlationId, code, reason }, 'a subscription lost its subgraph');
    return streamError('SUBSCRIPTION_UPSTREAM_LOST');
  };
  const expiry = atTokenExpiry(context.identityExpiresAt, () => void end('SUBSCRIPTION_TOKEN_EXPIRED'));
  const finish = (): void => {
    expiry.cancel();
    onEnded();
    markEnded();
  };
  const end = (code: StreamEnd): Promise<void> => {
    endCode ??= code;
    controller.abort();
    return ended;
  };
  const generator = results();
  return Object.assign(generator, {
    end,
    ended,
    // A generator's own `return` waits for the pending `next`, which may be for ever.
    async return(): Promise<IteratorResult<FormattedExecutionResult, void>> {
      controller.abort();
      await upstream.return();
      finish();
      return { done: true, value: undefined };
    },
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function streamError(code: StreamEnd): GraphQLError {
  return new GraphQLError(endMessages[code], { extensions: { code } });
}

/** Timers take no more than this; a token that lives longer is looked at again then. */
const longestTimer = 2 ** 31 - 1;

function atTokenExpiry(expiresAt: number | undefined, callback: () => void): { cancel(): void } {
  if (expiresAt === undefined) return { cancel: () => {} };
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const left = expiresAt - Date.now();
    if (left <= 0) callback();
    else timer = setTimeout(wait, Math.min(left, longestTimer));
  };
  timer = setTimeout(wait, 0);
  return { cancel: () => clearTimeout(timer) };
}
