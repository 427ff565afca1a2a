import { errors as undiciErrors, type Dispatcher } from 'undici';
import type { LeaveSignal } from '../../aborting.ts';
import { withoutValues } from '../../security/without-values.ts';
import { contentEncoding, tooLarge } from '../content-encoding.ts';
import { remaining, type Deadline } from '../traffic/deadline.ts';
import { readEvents } from './event-stream.ts';
import { connectionFailure, isJson, unreadable, type JsonReply } from '../json-exchange.ts';
import { AnsweredFailure, readReply } from '../read-reply.ts';
import { parseJson, readSubgraphResult, type SubgraphResult } from '../subgraph-result.ts';
import { SubrequestFailure } from '../subrequest-failure.ts';

export interface EventStreamRequest {
  /** Sends the request. */
  readonly ask: (signal: AbortSignal) => Promise<Dispatcher.ResponseData>;
  /** Gives the stream up. */
  readonly signal: LeaveSignal;
  /** When the subgraph must have begun to answer. */
  readonly deadline: Deadline;
  readonly maxEventBytes: number;
}

/**
 * Opens a subgraph's stream of events and reads it as it is consumed.
 * @throws SubrequestFailure, here or while the stream is read; the signal's reason when it was aborted.
 */
export async function openEventStream(
  request: EventStreamRequest,
): Promise<AsyncGenerator<SubgraphResult, void, void>> {
  const { ask, maxEventBytes } = request;
  const attempt = startAttempt(request);
  let response: Dispatcher.ResponseData;
  try {
    response = await ask(attempt.signal);
    if (!isEventStream(response)) {
      // A refusal in JSON (401, a validation error), or no GraphQL at all.
      const refusal = await readRefusal(response, maxEventBytes);
      attempt.end();
      return only(refusal);
    }
  } catch (error) {
    attempt.end();
    throw attempt.failure(error);
  }
  attempt.stopClock();
  return events(response, attempt, maxEventBytes);
}

function isEventStream({ headers }: Dispatcher.ResponseData): boolean {
  const type = headers['content-type'];
  return (
    typeof type === 'string' &&
    /^text\/event-stream\b/i.test(type) &&
    // Nobody asks for compressed events, and unpacking them would hold them back.
    contentEncoding(headers['content-encoding']) === 'plain'
  );
}

async function* only(result: SubgraphResult): AsyncGenerator<SubgraphResult, void, void> {
  yield result;
}

async function* events(
  response: Dispatcher.ResponseData,
  attempt: Attempt,
  maxEventBytes: number,
): AsyncGenerator<SubgraphResult, void, void> {
  try {
    for await (const event of readEvents(response.body, maxEventBytes)) {
      if (event.type === 'complete') return;
      if (event.type === 'next') yield readSubgraphResult(parseJson(event.data));
    }
    throw new SubrequestFailure('SUBREQUEST_HTTP_ERROR', 'the stream broke off');
  } catch (error) {
    throw attempt.failure(error);
  } finally {
    attempt.end();
    discard(response);
  }
}

/** Drops a body that nobody reads on. Its `error` event, which then comes, would end the process if nobody listened. */
function discard({ body }: Dispatcher.ResponseData): void {
  body.on('error', () => {});
  body.destroy();
}

/** @throws SubrequestFailure for an answer that has nothing against the operation: the subgraph has no event streams. */
async function readRefusal(response: Dispatcher.ResponseData, maxBytes: number): Promise<SubgraphResult> {
  const { statusCode: status } = response;
  if (status === 406 || status === 415) {
    discard(response);
    throw noEventStream(status);
  }
  try {
    const { data, errors } = readReply(await readWhole(response, maxBytes));
    // The gateway has validated the operation and its variables, so what is wrong with the request is what it accepts.
    if (status === 400 && data === undefined) throw noEventStream(status, errors[0]?.message);
    return { data, errors };
  } catch (error) {
    if (error instanceof AnsweredFailure) return error.answer;
    throw error;
  }
}

/** Its errors speak of the gateway's `Accept`, which would blame the client that never sent it. */
function noEventStream(status: number, message?: string): SubrequestFailure {
  const said = message === undefined ? '' : ` (${withoutValues(message)})`;
  return new SubrequestFailure(
    'SUBREQUEST_HTTP_ERROR',
    `status ${status}${said}: it answered with no event stream; if it serves subscriptions over WebSocket, its rules need subscriptions: "ws"`,
    { status },
  );
}

async function readWhole(response: Dispatcher.ResponseData, maxBytes: number): Promise<JsonReply> {
  const { statusCode: status, headers } = response;
  const encoding = contentEncoding(headers['content-encoding']);
  if (!isJson(headers['content-type']) || encoding === undefined) {
    discard(response);
    throw unreadable(status, headers);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop destroys the body, and with it the connection.
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  const whole = Buffer.concat(chunks);
  const body = encoding === 'plain' ? whole : await encoding(whole, maxBytes);
  return { status, body, retryAfterMs: undefined };
}

/** One request under way: aborted by its caller's signal or by its deadline. */
interface Attempt {
  readonly signal: AbortSignal;
  /** From here on only the caller's signal aborts. */
  stopClock(): void;
  end(): void;
  /** What to throw for an error of this request. */
  failure(error: unknown): unknown;
}

function startAttempt({ signal: outer, deadline }: EventStreamRequest): Attempt {
  const deadlineMs = remaining(deadline);
  const controller = new AbortController();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, deadlineMs);
  // Not AbortSignal.any: on Node 20 its result is kept alive by a source that lives long, as a subscription's does.
  const follow = (): void => controller.abort();
  if (outer.aborted) controller.abort();
  else outer.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    stopClock: () => clearTimeout(timer),
    end() {
      clearTimeout(timer);
      outer.removeEventListener('abort', follow);
    },
    failure(error) {
      if (outer.aborted) return outer.reason;
      if (timedOut) {
        const reason = `no answer in ${Math.round(deadlineMs)} ms`;
        return new SubrequestFailure(deadline.timeoutCode, reason, { silentMs: deadlineMs });
      }
      if (error instanceof SubrequestFailure) return error;
      if (error instanceof undiciErrors.BodyTimeoutError) {
        return new SubrequestFailure('SUBREQUEST_TIMEOUT', 'the stream went silent');
      }
      return connectionFailure(error instanceof Error ? error : new Error(String(error)));
    },
  };
}
