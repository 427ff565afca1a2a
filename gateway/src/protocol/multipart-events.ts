import { drained } from '@trellis/lifecycle';
import type { Request, RequestHandler, Response } from 'express';
import { GraphQLError, type FormattedExecutionResult } from 'graphql';
import { endsStream, type ResultStream } from '../execution/result-stream.ts';
import { formatError } from '../security/present-errors.ts';
import { refusalHttp } from '../security/refusal.ts';
import type { MakeContext } from './http-context.ts';
import { partsFormatFor, takesMultipartEvents } from './multipart-formats.ts';
import { takesJson } from './negotiate.ts';
import { readOperationParams } from './operation-params.ts';
import { refuse } from './refuse.ts';
import type { PreparedOperation, RefusedOperation, StreamedOperations } from './streamed-operations.ts';

const boundary = 'graphql';

/** How often a client is told that the stream is alive, as the protocol has it. */
const defaultHeartbeatMs = 5_000;

/**
 * Subscriptions over one HTTP response whose parts are the events (Apollo's multipart protocol, version 1.0): what Apollo's clients use for
 * subscriptions when they are given no WebSocket. Other operations are left to the next handler, except for a client that takes nothing else.
 * @param makeContext throws GraphQLError for a caller that is refused.
 */
export function multipartEvents(
  operations: StreamedOperations,
  makeContext: MakeContext,
  heartbeatMs = defaultHeartbeatMs,
): RequestHandler {
  return async (request, response, next) => {
    if (request.method !== 'POST' || !takesMultipartEvents(request.get('accept'))) return next();
    let prepared: PreparedOperation | RefusedOperation;
    try {
      const context = await makeContext({ req: request, res: response });
      prepared = await operations.prepare(readOperationParams(request), context);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return refuse(response, error);
    }
    if (prepared.kind === 'refused') return refuseDocument(response, prepared.errors);
    if (prepared.type !== 'subscription' && takesOtherAnswers(request)) return next();
    const answer = await prepared.run();
    response.writeHead(200, {
      'content-type': `multipart/mixed;boundary="${boundary}";subscriptionSpec=1.0`,
    });
    // Each part is followed by its boundary at once: only that tells the client that it is complete.
    response.write(`\r\n--${boundary}`);
    if (answer.kind === 'stream') await send(response, answer.stream, heartbeatMs);
    else write(response, partOf(answer.result));
    response.end('--\r\n');
  };
}

function takesOtherAnswers(request: Request): boolean {
  return takesJson(request) || partsFormatFor(request.get('accept')) !== undefined;
}

async function send(response: Response, results: ResultStream, heartbeatMs: number): Promise<void> {
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) write(response, {});
  }, heartbeatMs);
  const leave = (): void => void results.return();
  response.once('close', leave);
  // It may have left while the stream was opened.
  if (response.destroyed) leave();
  try {
    for await (const result of results) {
      if (!response.writable) break;
      write(response, partOf(result));
      await drained(response);
    }
  } finally {
    response.off('close', leave);
    clearInterval(heartbeat);
  }
}

/** The end of the stream by another than its source is no payload, but the protocol's own affair. */
function partOf(result: FormattedExecutionResult): object {
  return endsStream(result) ? { payload: null, errors: result.errors } : { payload: result };
}

function write(response: Response, part: object): void {
  response.write(`\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(part)}\r\n--${boundary}`);
}

function refuseDocument(response: Response, errors: readonly GraphQLError[]): void {
  const asked = errors.find(({ extensions }) => extensions['http'] !== undefined);
  const { status, headers } = asked === undefined ? { status: 400, headers: {} } : refusalHttp(asked);
  response
    .status(status)
    .set(headers)
    .json({ errors: errors.map(formatError) });
}
