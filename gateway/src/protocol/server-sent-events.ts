import type { Request as ExpressRequest, RequestHandler, Response } from 'express';
import { GraphQLError, type FormattedExecutionResult } from 'graphql';
import { createHandler, type Response as SseResponse } from 'graphql-sse';
import { maskError } from '../security/present-errors.ts';
import { refusalHttp } from '../security/refusal.ts';
import type { MakeContext } from './http-context.ts';
import { asLibraryResult, type StreamedOperations } from './streamed-operations.ts';

/** Whether a request asks for its answer as server-sent events. */
export function wantsEventStream(accept: string | undefined): boolean {
  return accept !== undefined && /\btext\/event-stream\b/i.test(accept);
}

/**
 * Operations of every kind as server-sent events: the graphql-sse protocol in its mode of distinct connections. A GET carries no
 * mutation and a POST must be of JSON, so a foreign page cannot make a browser send one without asking first (CORS preflight).
 * @param makeContext throws GraphQLError for a caller that is refused.
 */
export function serverSentEvents(operations: StreamedOperations, makeContext: MakeContext): RequestHandler {
  const handler = createHandler<ExpressRequest, { readonly response: Response }>({
    async onSubscribe(request, params) {
      const { response } = request.context;
      let context;
      try {
        context = await makeContext({ req: response.req, res: response });
      } catch (error) {
        if (error instanceof GraphQLError) return refused(error);
        throw error;
      }
      const prepared = operations.prepare(params);
      if ('length' in prepared) {
        return asLibraryResult(single({ errors: prepared.map((error) => maskError(error.toJSON())) }));
      }
      if (prepared.kind === 'mutation' && request.method === 'GET') return mutationByGet();
      const result = await prepared.run(context);
      return asLibraryResult('ended' in result ? result : single(result));
    },
    // Held back until the client has taken what was sent before: the library itself would queue without bound.
    onNext: (_context, request) => drained(request.context.response),
  });
  return async (request, response) => {
    const [body, init] = await handler({
      method: request.method,
      url: request.originalUrl,
      headers: {
        // The library wants exactly this value, and clients send lists.
        get: (name) => (name === 'accept' ? 'text/event-stream' : request.get(name)),
      },
      body: request.body as Record<string, unknown> | null,
      raw: request,
      context: { response },
    });
    response.writeHead(init.status, init.statusText, init.headers);
    if (body === null || typeof body === 'string') {
      response.end(body);
      return;
    }
    const leave = (): void => void body.return(undefined);
    response.once('close', leave);
    for await (const message of body) {
      if (!response.writable) break;
      response.write(message);
    }
    response.off('close', leave);
    response.end();
  };
}

async function* single(
  result: FormattedExecutionResult,
): AsyncGenerator<FormattedExecutionResult, void, void> {
  yield result;
}

function drained(response: Response): Promise<void> | undefined {
  if (!response.writableNeedDrain || response.destroyed) return undefined;
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

function refused(error: GraphQLError): SseResponse {
  const { status, headers } = refusalHttp(error);
  return [
    JSON.stringify({ errors: [maskError(error.toJSON())] }),
    { status, statusText: '', headers: { ...headers, 'content-type': 'application/json; charset=utf-8' } },
  ];
}

function mutationByGet(): SseResponse {
  const error = { message: 'GET carries no mutations: use POST.', extensions: { code: 'BAD_REQUEST' } };
  return [
    JSON.stringify({ errors: [error] }),
    {
      status: 405,
      statusText: '',
      headers: { allow: 'POST', 'content-type': 'application/json; charset=utf-8' },
    },
  ];
}
