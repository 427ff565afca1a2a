import { drained, sendStream, type Logger } from '@trellis/lifecycle';
import type { Request, RequestHandler, Response } from 'express';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { createHandler } from 'graphql-sse';
import { requestContext } from './authenticate-gateway.ts';
import { maskError } from './errors.ts';
import type { RequestContext } from './request-context.ts';

/** Serves operations to callers that accept `text/event-stream`; everything else goes on to the next handler. */
export function createSubscriptionHandler<C extends RequestContext>(
  schema: GraphQLSchema,
  createContext: (request: RequestContext) => C,
  logger: Logger,
): { handle: RequestHandler; cut(): void } {
  const open = new Set<Response>();
  const handler = createHandler<Request, { readonly response: Response }, C & Record<PropertyKey, unknown>>({
    schema,
    // graphql-sse wants a dictionary; to graphql-js, and so to the resolvers, it is the context as it is.
    context: (request) => createContext(requestContext(request.raw)) as C & Record<PropertyKey, unknown>,
    async onNext(_context, request, result) {
      // Held back until the reader has taken what was sent before: the library itself would queue without bound.
      await drained(request.context.response);
      return 'errors' in result && result.errors !== undefined
        ? { ...result, errors: result.errors.map((error) => masked(error, logger)) }
        : result;
    },
  });

  async function stream(request: Request, response: Response): Promise<void> {
    const [body, init] = await handler({
      method: request.method,
      url: request.originalUrl,
      headers: { get: (name) => request.get(name) },
      body: request.body as Record<string, unknown> | null,
      raw: request,
      context: { response },
    });
    response.writeHead(init.status, init.statusText, init.headers);
    if (body === null || typeof body === 'string') {
      response.end(body);
      return;
    }
    await sendStream(response, body);
  }

  return {
    handle(request, response, next) {
      if (request.get('accept')?.includes('text/event-stream') !== true) return next();
      open.add(response);
      response.on('close', () => open.delete(response));
      stream(request, response).catch((error: unknown) => {
        // The source of the events failed: the headers are long gone, so all that can be said is that the stream did not end well.
        logger.error({ err: error }, 'a subscription failed');
        // Behind what is on its way already, which the end of this turn sends.
        setImmediate(() => response.destroy());
      });
    },
    /** Breaks every stream off, so that its reader knows that it did not come to its end and may ask again elsewhere. */
    cut() {
      for (const response of open) response.destroy();
    },
  };
}

function masked(error: GraphQLError, logger: Logger): GraphQLError {
  const { message, extensions } = maskError(error.toJSON(), error, logger);
  return new GraphQLError(message, {
    ...(error.nodes === undefined ? {} : { nodes: error.nodes }),
    ...(error.path === undefined ? {} : { path: error.path }),
    extensions: { ...extensions },
  });
}
