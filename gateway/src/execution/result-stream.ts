import { GraphQLError, type ExecutionResult, type FormattedExecutionResult } from 'graphql';
import type { Logger } from '@trellis/lifecycle';
import type { Aborting } from '../aborting.ts';
import type { ErrorCode } from '../error-codes.ts';
import type { RequestContext } from '../request-context.ts';
import type { SubgraphResult } from '../subgraph/subgraph-result.ts';
import { SubrequestFailure } from '../subgraph/subrequest-failure.ts';
import { atTokenExpiry } from './at-token-expiry.ts';

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

/** Results that end a stream. Known by themselves: an error's code may as well be a subgraph's. */
const ends = new WeakSet<FormattedExecutionResult>();

/** Whether a result is the last of a stream, which was ended before its subgraph completed it. */
export function endsStream(result: FormattedExecutionResult): boolean {
  return ends.has(result);
}

/** What a reader is told of a stream that is ended, or given up while it was being opened. */
export function streamEnd(
  code: StreamEnd,
  present: (result: ExecutionResult) => FormattedExecutionResult,
): FormattedExecutionResult {
  const result = present({ errors: [new GraphQLError(endMessages[code], { extensions: { code } })] });
  ends.add(result);
  return result;
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

/** How an operation is answered over a transport that can stream. */
export type StreamedAnswer =
  | { readonly kind: 'stream'; readonly stream: ResultStream }
  | { readonly kind: 'result'; readonly result: FormattedExecutionResult };

/** Makes a result of each event of a subgraph's stream, until one of the two sides ends it. */
export function openResultStream(parts: {
  readonly upstream: AsyncGenerator<SubgraphResult, void, void>;
  /** Completes an event across subgraphs. */
  readonly answer: (event: SubgraphResult) => Promise<ExecutionResult>;
  /** Gives up the stream, and whatever is under way for it. */
  readonly controller: Aborting;
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
      yield endCode === undefined ? brokenStream(error) : streamEnd(endCode, present);
    } finally {
      controller.abort();
      finish();
    }
  }

  const brokenStream = (error: unknown): FormattedExecutionResult => {
    if (!(error instanceof SubrequestFailure))
      return present({ errors: [new GraphQLError('a stream broke', { originalError: asError(error) })] });
    const { code, reason } = error;
    logger.warn({ correlationId: context.correlationId, code, reason }, 'a subscription lost its subgraph');
    return streamEnd('SUBSCRIPTION_UPSTREAM_LOST', present);
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
