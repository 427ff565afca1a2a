import { drained, sendStream } from '@trellis/lifecycle';
import type { Response } from 'express';
import type { FormattedExecutionResult } from 'graphql';
import { createHandler } from 'graphql-sse';
import type { StreamedAnswer } from '../execution/result-stream.ts';
import { formatError } from '../security/present-errors.ts';
import { asLibraryResult, type PreparedOperation, type RefusedOperation } from './streamed-operations.ts';

export const eventStream = 'text/event-stream';

const handler = createHandler<Response, { readonly answer: StreamedAnswer }>({
  onSubscribe: ({ context: { answer } }) =>
    asLibraryResult(answer.kind === 'stream' ? answer : { kind: 'stream', stream: single(answer.result) }),
  // Held back until the client has taken what was sent before: the library itself would queue without bound.
  onNext: (_context, { raw: response }) => drained(response),
});

/** Answers an operation of any kind by server-sent events: the graphql-sse protocol in its mode of distinct connections. */
export async function sendServerSentEvents(
  response: Response,
  prepared: PreparedOperation | RefusedOperation,
): Promise<void> {
  const answer: StreamedAnswer =
    prepared.kind === 'refused'
      ? { kind: 'result', result: { errors: prepared.errors.map(formatError) } }
      : await prepared.run();
  // What the library reads of a request has been read already.
  const [body, { status, headers }] = await handler({
    method: 'POST',
    url: '/',
    headers: { get: (name) => ({ accept: eventStream, 'content-type': 'application/json' })[name] },
    body: { query: '-' },
    raw: response,
    context: { answer },
  });
  // Whether the connection is kept is for the server to say, and what may be cached was said before.
  const { connection: _connection, 'cache-control': _cacheControl, ...own } = headers ?? {};
  response.writeHead(status, own);
  if (body === null || typeof body === 'string') response.end(body);
  else await sendStream(response, body);
}

async function* single(
  result: FormattedExecutionResult,
): AsyncGenerator<FormattedExecutionResult, void, void> {
  yield result;
}
