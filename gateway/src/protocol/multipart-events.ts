import { drained } from '@trellis/lifecycle';
import type { Response } from 'express';
import type { FormattedExecutionResult } from 'graphql';
import { endsStream, type ResultStream } from '../execution/result-stream.ts';
import { refuseDocument } from './refuse.ts';
import type { PreparedOperation, RefusedOperation } from './streamed-operations.ts';

const boundary = 'graphql';

/** How often a client is told that the stream is alive, as the protocol has it. */
const defaultHeartbeatMs = 5_000;

/**
 * Answers an operation by one HTTP response whose parts are the events (Apollo's multipart protocol, version 1.0): what Apollo's clients use for
 * subscriptions when they are given no WebSocket. Any other operation is a single event.
 */
export async function sendMultipartEvents(
  response: Response,
  prepared: PreparedOperation | RefusedOperation,
  heartbeatMs = defaultHeartbeatMs,
): Promise<void> {
  if (prepared.kind === 'refused') return refuseDocument(response, prepared.errors);
  const answer = await prepared.run();
  response.writeHead(200, {
    'content-type': `multipart/mixed;boundary="${boundary}";subscriptionSpec=1.0`,
  });
  // Each part is followed by its boundary at once: only that tells the client that it is complete.
  response.write(`\r\n--${boundary}`);
  if (answer.kind === 'stream') await send(response, answer.stream, heartbeatMs);
  else write(response, partOf(answer.result));
  response.end('--\r\n');
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
