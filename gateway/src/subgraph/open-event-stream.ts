import { errors as undiciErrors, type Dispatcher } from 'undici';
import { readEvents } from './event-stream.ts';
import { httpFailure } from './json-exchange.ts';
import { parseJson, readSubgraphResult, type SubgraphResult } from './subgraph-result.ts';
import { SubrequestFailure } from './subrequest-failure.ts';

/**
 * Opens a subgraph's stream of events and reads it as it is consumed.
 * @param ask sends the request.
 * @param outer gives the stream up.
 * @param deadlineMs how long the subgraph may take to begin answering.
 * @throws SubrequestFailure, here or while the stream is read; the signal's reason when it was aborted.
 */
export async function openEventStream(
  ask: (signal: AbortSignal) => Promise<Dispatcher.ResponseData>,
  outer: AbortSignal,
  deadlineMs: number,
  maxEventBytes: number,
): Promise<AsyncGenerator<SubgraphResult, void, void>> {
  const attempt = startAttempt(outer, deadlineMs);
  let response: Dispatcher.ResponseData;
  try {
    response = await ask(attempt.signal);
    if (!/^text\/event-stream\b/i.test(contentType(response))) {
      // Not a stream: a refusal in JSON (401, a validation error), or no GraphQL at all.
      const refusal = readSubgraphResult(await readJson(response, maxEventBytes));
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

async function readJson(response: Dispatcher.ResponseData, maxBytes: number): Promise<unknown> {
  const type = contentType(response);
  const isJson = /^application\/(graphql-response\+)?json\b/i.test(type);
  const encoding = response.headers['content-encoding'];
  if (!isJson || (encoding !== undefined && encoding !== 'identity')) {
    discard(response);
    if (response.statusCode < 200 || response.statusCode > 299) throw httpFailure(response.statusCode);
    throw new SubrequestFailure(
      'SUBREQUEST_MALFORMED_RESPONSE',
      `content type ${type}, encoding ${String(encoding)}`,
    );
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop destroys the body, and with it the connection.
    if (size > maxBytes)
      throw new SubrequestFailure('SUBREQUEST_RESPONSE_TOO_LARGE', `more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks).toString('utf8');
  if (response.statusCode >= 200 && response.statusCode <= 299) return parseJson(body);
  // A refusal may still be a GraphQL response, whose errors say more than the status (GraphQL over HTTP, section 6.4).
  try {
    const parsed = parseJson(body);
    readSubgraphResult(parsed);
    return parsed;
  } catch {
    throw httpFailure(response.statusCode);
  }
}

function contentType(response: Dispatcher.ResponseData): string {
  return String(response.headers['content-type'] ?? 'none');
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

function startAttempt(outer: AbortSignal, deadlineMs: number): Attempt {
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
      if (outer.aborted) return outer.reason as unknown;
      if (timedOut) return new SubrequestFailure('SUBREQUEST_TIMEOUT', `no answer in ${deadlineMs} ms`);
      if (error instanceof SubrequestFailure) return error;
      if (error instanceof undiciErrors.BodyTimeoutError) {
        return new SubrequestFailure('SUBREQUEST_TIMEOUT', 'the stream went silent');
      }
      const reason =
        error instanceof Error
          ? `${(error as NodeJS.ErrnoException).code ?? error.name} ${error.message}`
          : String(error);
      return new SubrequestFailure('SUBREQUEST_HTTP_ERROR', reason);
    },
  };
}
