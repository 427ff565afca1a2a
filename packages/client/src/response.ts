import type { GraphQLFormattedError } from 'graphql';
import { GraphQLRequestError, TransportError } from './errors.ts';

/** The body of a GraphQL response (GraphQL specification, section 7). */
interface GraphQLResponse {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLFormattedError[];
}

/**
 * Takes the data out of a GraphQL response.
 * @throws GraphQLRequestError when there are errors, be there data or not.
 * @throws TransportError when it is no GraphQL response.
 */
export function dataOf(body: unknown, status?: number): unknown {
  if (!isResponse(body)) {
    const answer = status === undefined ? 'an answer' : `HTTP ${status}`;
    throw new TransportError(`${answer} came that is not GraphQL`, status === undefined ? {} : { status });
  }
  if (body.errors !== undefined && body.errors.length > 0)
    throw new GraphQLRequestError(body.errors, body.data);
  return body.data;
}

/**
 * Reads an HTTP answer as a GraphQL response, whatever its status.
 * @throws GraphQLRequestError | TransportError as {@link dataOf} does.
 */
export async function readHttpAnswer(answer: Response): Promise<unknown> {
  let body: unknown;
  const text = await answer.text();
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined; // an error page of something in between; dataOf says so
  }
  return dataOf(body, answer.status);
}

function isResponse(body: unknown): body is GraphQLResponse {
  if (typeof body !== 'object' || body === null) return false;
  const { data, errors } = body as { data?: unknown; errors?: unknown };
  if (errors !== undefined && !(Array.isArray(errors) && errors.every(isFormattedError))) return false;
  return (typeof data === 'object' && data !== null) || (Array.isArray(errors) && errors.length > 0);
}

function isFormattedError(error: unknown): error is GraphQLFormattedError {
  return (
    typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string'
  );
}
