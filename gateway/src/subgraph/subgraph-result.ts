import type { GraphQLFormattedError } from 'graphql';
import { isJsonObject, type JsonValue } from '../json.ts';
import { SubrequestFailure } from './subrequest-failure.ts';

/** A well-formed GraphQL response of a subgraph. */
export interface SubgraphResult {
  readonly data: JsonValue;
  readonly errors: readonly GraphQLFormattedError[];
}

/**
 * Checks that a body has the shape of a GraphQL response (specification, section 7.1).
 * @throws SubrequestFailure when it has not.
 */
export function readSubgraphResult(body: unknown): SubgraphResult {
  if (!isJsonObject(body)) throw malformed('not an object');
  const { data, errors } = body;
  if (data === undefined && errors === undefined) throw malformed('neither data nor errors');
  if (data !== undefined && data !== null && !isJsonObject(data)) throw malformed('data is not an object');
  if (errors === undefined || errors === null) {
    if (data === null || data === undefined) throw malformed('no data and no errors');
    return { data, errors: [] };
  }
  if (!Array.isArray(errors)) throw malformed('errors is not a list');
  return { data, errors: errors.map(readError) };
}

/** @throws SubrequestFailure when a body is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('not JSON');
  }
}

function readError(error: unknown): GraphQLFormattedError {
  if (!isJsonObject(error) || typeof error['message'] !== 'string')
    throw malformed('an error has no message');
  const { message, path, extensions } = error;
  return {
    message,
    ...(Array.isArray(path) && path.every(isPathStep) ? { path } : {}),
    ...(isJsonObject(extensions) ? { extensions } : {}),
  };
}

function isPathStep(step: unknown): step is string | number {
  return typeof step === 'string' || typeof step === 'number';
}

function malformed(reason: string): SubrequestFailure {
  return new SubrequestFailure('SUBREQUEST_MALFORMED_RESPONSE', reason);
}
