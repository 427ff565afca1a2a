import type { Response } from 'express';
import type { ErrorCode } from '../error-codes.ts';

/** Refuses a request that does not come to GraphQL, in the shape of GraphQL's errors. */
export function answerError(response: Response, status: number, code: ErrorCode, message: string): void {
  response.status(status).json({ errors: [{ message, extensions: { code } }] });
}
