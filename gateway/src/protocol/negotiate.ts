import type { Request, RequestHandler } from 'express';
import { refusal } from '../security/refusal.ts';
import { partsAlone, partsFormatFor } from './multipart-formats.ts';
import { refuse } from './refuse.ts';

/** The types of an answer in one piece, with the charset by which Apollo Server negotiates them. */
const jsonTypes = ['application/json; charset=utf-8', 'application/graphql-response+json; charset=utf-8'];

/** Whether a client takes an answer in one piece. */
export function takesJson(request: Request): boolean {
  return request.accepts(jsonTypes) !== false;
}

/**
 * Refuses a client that takes none of the answers that the gateway has, before anything runs for it: Apollo Server looks at `Accept` when a
 * mutation has had its effect already. One that takes parts alone is handed on with the format that it is to get.
 * @param hasPage whether a GET that takes HTML is answered with a page.
 */
export function negotiate(hasPage: boolean): RequestHandler {
  return (request, response, next) => {
    if (takesJson(request)) return next();
    if (hasPage && request.method === 'GET' && request.accepts('text/html') !== false) return next();
    const format = partsFormatFor(request.get('accept'));
    // The answers of a batch are one list, which has no parts.
    if (format === undefined || Array.isArray(request.body)) return refuse(response, notAcceptable());
    request.headers.accept = partsAlone(format);
    next();
  };
}

function notAcceptable(): ReturnType<typeof refusal> {
  return refusal(
    'The client takes no answer that there is for this: send the header "Accept: application/json", and beside it what else it takes.',
    'BAD_REQUEST',
    { status: 406 },
  );
}
