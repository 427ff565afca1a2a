import type { Response } from 'express';
import type { GraphQLError } from 'graphql';
import { formatError } from '../security/present-errors.ts';
import { refusalHttp } from '../security/refusal.ts';

/** Answers a request that is refused before anything of it was run, with the status and headers that the error asks for. */
export function refuse(response: Response, error: GraphQLError): void {
  const { status, headers } = refusalHttp(error);
  response
    .status(status)
    .set(headers)
    .json({ errors: [formatError(error)] });
}
