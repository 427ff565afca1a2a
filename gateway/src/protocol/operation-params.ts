import type { Request } from 'express';
import type { ErrorCode } from '../error-codes.ts';
import { refusal } from '../security/refusal.ts';

/** What a client sends, whatever the transport. */
export interface OperationParams {
  /** Empty when the document is named by its hash alone. */
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/**
 * Reads what an HTTP request asks for (GraphQL over HTTP, sections 5.1 to 5.4), for transports that Apollo Server does not serve.
 * @throws GraphQLError with the status to answer.
 */
export function readOperationParams(request: Request): OperationParams {
  switch (request.method) {
    case 'GET':
      return checked(fromQueryString(searchOf(request)));
    case 'POST':
      if (!request.is('application/json'))
        throw refused('The body must be of the type application/json.', 415);
      return checked((request.body ?? {}) as Record<string, unknown>);
    default:
      throw refused('Operations come by GET or POST.', 405, { allow: 'GET, POST' });
  }
}

/** The query string of a request, in which a question mark may stand for itself (RFC 3986, section 3.4). */
export function searchOf({ originalUrl }: Request): URLSearchParams {
  const start = originalUrl.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : originalUrl.slice(start + 1));
}

function fromQueryString(search: URLSearchParams): Record<string, unknown> {
  const json = (name: string): unknown => {
    const text = search.get(name);
    if (text === null || text === '') return undefined;
    try {
      return JSON.parse(text);
    } catch {
      throw refused(`${name} must be JSON.`);
    }
  };
  return {
    query: search.get('query'),
    operationName: search.get('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  };
}

function checked(body: Readonly<Record<string, unknown>>): OperationParams {
  if (Array.isArray(body)) throw refused('A batch of operations cannot be streamed.');
  const { query, operationName } = body;
  if (!isAbsent(query) && typeof query !== 'string') throw refused('query must be text.');
  if (!isAbsent(operationName) && typeof operationName !== 'string')
    throw refused('operationName must be text.');
  return {
    query: query ?? '',
    operationName,
    variables: objectIn(body, 'variables'),
    extensions: objectIn(body, 'extensions'),
  };
}

function objectIn(
  body: Readonly<Record<string, unknown>>,
  name: string,
): Record<string, unknown> | undefined {
  const value = body[name];
  if (isAbsent(value)) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw refused(`${name} must be an object.`);
  return value as Record<string, unknown>;
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function refused(message: string, status = 400, headers: Record<string, string> = {}): Error {
  return refusal(message, 'BAD_REQUEST' satisfies ErrorCode, { status, headers });
}
