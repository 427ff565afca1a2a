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

const jsonTypes = ['application/json', 'application/graphql-response+json'];

/** Answers an operation whose document is refused, by the type of JSON that the client likes best. */
export function refuseDocument(response: Response, errors: readonly GraphQLError[]): void {
  const asked = errors.find(({ extensions }) => extensions['http'] !== undefined);
  const { status, headers } = asked === undefined ? { status: 400, headers: {} } : refusalHttp(asked);
  response
    .status(status)
    .set(headers)
    .type(response.req.accepts(jsonTypes) || 'application/json')
    .json({ errors: errors.map(formatError) });
}
