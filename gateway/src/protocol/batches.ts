import type { RequestHandler } from 'express';
import type { ErrorCode } from '../error-codes.ts';

/**
 * Refuses bodies that hold more operations than they may.
 * @param limit how many operations one request may hold; 0 refuses every list.
 */
export function limitBatches(limit: number): RequestHandler {
  return ({ body }: { body: unknown }, response, next) => {
    if (!Array.isArray(body) || (limit > 0 && body.length <= limit)) return next();
    const [code, message]: [ErrorCode, string] =
      limit === 0
        ? ['BATCHING_NOT_ENABLED', 'A request holds one operation here: send each by itself.']
        : ['BATCH_LIMIT_EXCEEDED', `A request may hold ${limit} operations.`];
    response.status(400).json({ errors: [{ message, extensions: { code } }] });
  };
}
