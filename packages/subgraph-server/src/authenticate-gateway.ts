import { randomUUID } from 'node:crypto';
import { gatewayIdentityHeader, InvalidTokenError, type IdentityVerifier } from '@trellis/auth';
import type { Logger } from '@trellis/lifecycle';
import type { Request, RequestHandler, Response } from 'express';
import type { RequestContext } from './request-context.ts';

const contexts = new WeakMap<Request, RequestContext>();

/**
 * Lets only the gateway through: a request without the gateway's signed identity for this subgraph is answered 401, before anything of
 * it is read. When the gateway's keys cannot be fetched nobody can be told apart, so the answer is 503.
 */
export function authenticateGateway(verifier: IdentityVerifier, logger: Logger): RequestHandler {
  return async (request, response, next) => {
    try {
      const identity = await verifier.verify(request.get(gatewayIdentityHeader));
      const correlationId = request.get('x-correlation-id') ?? randomUUID();
      const traceparent = request.get('traceparent');
      contexts.set(request, {
        identity,
        correlationId,
        ...(traceparent === undefined ? {} : { traceparent }),
        logger: logger.child({ correlationId }),
        signal: signalOf(response),
      });
      next();
    } catch (error) {
      const refused = error instanceof InvalidTokenError;
      if (refused)
        logger.warn({ reason: error.reason }, 'refused a request that does not come from the gateway');
      else logger.error({ err: error }, "the gateway's keys could not be fetched");
      const [status, message, code] = refused
        ? [401, 'This subgraph answers the gateway only.', 'UNAUTHENTICATED']
        : [503, 'The caller cannot be verified at the moment.', 'SERVICE_UNAVAILABLE'];
      response.status(status).json({ errors: [{ message, extensions: { code } }] });
    }
  };
}

/** The context of a request that {@link authenticateGateway} let through. */
export function requestContext(request: Request): RequestContext {
  const context = contexts.get(request);
  if (context === undefined) throw new Error('the request was not authenticated');
  return context;
}

/** Aborts when the connection ends before the answer does. */
function signalOf(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}
