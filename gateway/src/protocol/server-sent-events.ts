import { drained, sendStream } from '@trellis/lifecycle';
import type { Request, RequestHandler, Response } from 'express';
import { GraphQLError, type FormattedExecutionResult } from 'graphql';
import { createHandler } from 'graphql-sse';
import type { StreamedAnswer } from '../execution/result-stream.ts';
import { formatError } from '../security/present-errors.ts';
import { refusal } from '../security/refusal.ts';
import type { MakeContext } from './http-context.ts';
import { readOperationParams } from './operation-params.ts';
import { refuse } from './refuse.ts';
import {
  asLibraryResult,
  type PreparedOperation,
  type RefusedOperation,
  type StreamedOperations,
} from './streamed-operations.ts';

const eventStream = 'text/event-stream';

/** What the answer to a request may be besides events, the likeliest first. */
const otherTypes = ['application/json', 'application/graphql-response+json', 'text/html'];

/**
 * How much a request wants its answer as server-sent events (RFC 9110, section 12.5.1). `accepted` stands for one that prefers something else,
 * which a subscription cannot be answered by.
 */
function wishForEvents(request: Request): 'preferred' | 'accepted' | 'none' {
  const accept = request.get('accept');
  // Not `*/*`: who takes anything does not expect a stream.
  if (accept === undefined || !/\btext\/event-stream\b/i.test(accept)) return 'none';
  if (request.accepts([...otherTypes, eventStream]) === eventStream) return 'preferred';
  return request.accepts(eventStream) === false ? 'none' : 'accepted';
}

/**
 * Operations of every kind as server-sent events: the graphql-sse protocol in its mode of distinct connections. A GET carries no
 * mutation and a POST must be of JSON, so a foreign page cannot make a browser send one without asking first (CORS preflight).
 * Everything else is left to the next handler.
 * @param makeContext throws GraphQLError for a caller that is refused.
 */
export function serverSentEvents(operations: StreamedOperations, makeContext: MakeContext): RequestHandler {
  const handler = createHandler<Response, { readonly answer: StreamedAnswer }>({
    onSubscribe: ({ context: { answer } }) =>
      asLibraryResult(answer.kind === 'stream' ? answer : { kind: 'stream', stream: single(answer.result) }),
    // Held back until the client has taken what was sent before: the library itself would queue without bound.
    onNext: (_context, { raw: response }) => drained(response),
  });

  return async (request, response, next) => {
    const wish = wishForEvents(request);
    if (wish === 'none') return next();
    let prepared: PreparedOperation | RefusedOperation;
    try {
      const params = readOperationParams(request);
      prepared = await operations.prepare(params, await makeContext({ req: request, res: response }));
      if (wish === 'accepted' && !isSubscription(prepared)) return next();
      if (request.method === 'GET' && prepared.kind === 'prepared' && prepared.type === 'mutation')
        throw mutationByGet();
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      if (wish === 'accepted') return next();
      return refuse(response, error);
    }
    const answer: StreamedAnswer =
      prepared.kind === 'refused'
        ? { kind: 'result', result: { errors: prepared.errors.map(formatError) } }
        : await prepared.run();
    // What the library reads of a request has been read already.
    const [body, { status, headers }] = await handler({
      method: 'POST',
      url: request.originalUrl,
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
  };
}

function isSubscription(prepared: PreparedOperation | RefusedOperation): boolean {
  return prepared.kind === 'prepared' && prepared.type === 'subscription';
}

async function* single(
  result: FormattedExecutionResult,
): AsyncGenerator<FormattedExecutionResult, void, void> {
  yield result;
}

function mutationByGet(): GraphQLError {
  return refusal('GET carries no mutations: use POST.', 'BAD_REQUEST', {
    status: 405,
    headers: { allow: 'POST' },
  });
}
