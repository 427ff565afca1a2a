import type { GraphQLFormattedError } from 'graphql';
import type { ErrorCode } from '../error-codes.ts';
import { isTooDeepText } from '../json-depth.ts';
import { isJsonObject, type JsonValue } from '../json.ts';
import { SubrequestFailure } from './subrequest-failure.ts';

/** A well-formed GraphQL response of a subgraph. */
export interface SubgraphResult {
  readonly data: JsonValue;
  /** At most {@link maxErrors}; of a response with more, the last one says how many were left out. */
  readonly errors: readonly GraphQLFormattedError[];
}

/** Errors of one response that are read. Each is an object, a place to look up and a part of the answer; a response of 10 MB holds half a million. */
export const maxErrors = 200;

/** What stands for errors that were left out. It has no place. */
export function leftOutErrors(count: number): GraphQLFormattedError {
  return {
    message: `There were more errors: ${count} of them are left out.`,
    extensions: { code: 'SUBREQUEST_ERRORS_LEFT_OUT' satisfies ErrorCode, leftOut: count },
  };
}

/** How many errors an error stands for that were left out; undefined for one that is an error itself. */
export function leftOutBy({ extensions }: GraphQLFormattedError): number | undefined {
  const { code, leftOut } = extensions ?? {};
  return code === ('SUBREQUEST_ERRORS_LEFT_OUT' satisfies ErrorCode) && typeof leftOut === 'number'
    ? leftOut
    : undefined;
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
  const read = errors.slice(0, maxErrors).map(readError);
  if (errors.length > maxErrors) read.push(leftOutErrors(errors.length - maxErrors));
  return { data, errors: read };
}

/** @throws SubrequestFailure when a body is not JSON, or nests deeper than `maxJsonDepth`. */
export function parseJson(text: string): unknown {
  if (isTooDeepText(text)) throw tooDeep();
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
    ...(isPath(path) ? { path } : {}),
    ...(isJsonObject(extensions) ? { extensions } : {}),
  };
}

/** More steps than any place in a response has: an operation nests 200 deep at most, and lists within each other but a few. */
const maxPathSteps = 1_000;

/** Whether something can be a place in a response at all. Of which one, the fetch can tell. */
function isPath(path: unknown): path is (string | number)[] {
  return Array.isArray(path) && path.length <= maxPathSteps && path.every(isPathStep);
}

function isPathStep(step: unknown): step is string | number {
  return typeof step === 'string'
    ? /^[_A-Za-z][_0-9A-Za-z]*$/.test(step)
    : Number.isSafeInteger(step) && (step as number) >= 0;
}

/** The failure of a response that nests deeper than `maxJsonDepth`. */
export function tooDeep(): SubrequestFailure {
  return new SubrequestFailure('SUBREQUEST_RESPONSE_TOO_LARGE', 'nested too deeply');
}

function malformed(reason: string): SubrequestFailure {
  return new SubrequestFailure('SUBREQUEST_MALFORMED_RESPONSE', reason);
}
