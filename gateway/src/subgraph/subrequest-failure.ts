import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../error-codes.ts';

/** The ways in which a request to a subgraph fails as a whole. */
export type SubrequestCode = Exclude<
  Extract<ErrorCode, `SUBREQUEST_${string}` | 'OPERATION_TIMEOUT'>,
  'SUBREQUEST_ERRORS_LEFT_OUT'
>;

/** What is known of a failure beside its code. */
export interface FailureDetails {
  /** The HTTP status, when there was one. */
  readonly status?: number;
  /** How long the subgraph asks to be left alone (`Retry-After`). */
  readonly retryAfterMs?: number | undefined;
  /** The request could not even be written, as with a header that HTTP does not have: it says nothing of the subgraph. */
  readonly isUnsent?: boolean;
  /** How long the subgraph was silent before it was given up. */
  readonly silentMs?: number;
}

/** A request to a subgraph brought no GraphQL response. `reason` is for the log: it may hold what a client must not see. */
export class SubrequestFailure extends Error {
  override readonly name = 'SubrequestFailure';
  readonly code: SubrequestCode;
  readonly reason: string;
  readonly details: FailureDetails;
  constructor(code: SubrequestCode, reason: string, details: FailureDetails = {}) {
    super(`${code}: ${reason}`);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

/**
 * Whether the same request may well succeed a moment later: the connection could not be made or broke off, or the status says so
 * (RFC 9110, section 15.6: 502, 503, 504).
 */
export function isTransient(error: unknown): error is SubrequestFailure {
  if (!(error instanceof SubrequestFailure) || error.code !== 'SUBREQUEST_HTTP_ERROR') return false;
  const { status, isUnsent } = error.details;
  return status === undefined ? isUnsent !== true : isTransientStatus(status);
}

/** Whether a status says to ask again. */
export function isTransientStatus(status: number): boolean {
  return status >= 502 && status <= 504;
}

/**
 * A subgraph that is silent for so long is at fault, even if it may take longer and only the operation has no more time: else one that hangs
 * would never be at fault where operations have less time than subgraphs.
 */
const faultySilenceMs = 1_000;

/** Whether a failure speaks of the subgraph's health, and not of one operation. */
export function isFault(error: unknown): boolean {
  if (!(error instanceof SubrequestFailure)) return false;
  if (error.code === 'SUBREQUEST_TIMEOUT') return true;
  const { status = 500, isUnsent, silentMs = 0 } = error.details;
  if (error.code === 'OPERATION_TIMEOUT') return silentMs >= faultySilenceMs;
  return error.code === 'SUBREQUEST_HTTP_ERROR' && isUnsent !== true && status >= 500;
}

const messages: Record<SubrequestCode, (service: string) => string> = {
  SUBREQUEST_HTTP_ERROR: (service) => `The subgraph ${service} could not be asked.`,
  SUBREQUEST_TIMEOUT: (service) => `The subgraph ${service} did not answer in time.`,
  SUBREQUEST_MALFORMED_RESPONSE: (service) =>
    `The subgraph ${service} did not answer with a GraphQL response.`,
  SUBREQUEST_RESPONSE_TOO_LARGE: (service) => `The subgraph ${service} answered with too much data.`,
  SUBREQUEST_INVALID_DATA: (service) =>
    `The subgraph ${service} answered with data that does not fit the schema.`,
  SUBREQUEST_CIRCUIT_OPEN: (service) =>
    `The subgraph ${service} failed too often and is not asked for a moment.`,
  OPERATION_TIMEOUT: (service) =>
    `The operation took too long: the subgraph ${service} was not waited for any longer.`,
};

/** What a client is told of a failure: which subgraph and which kind, never an address or a body. */
export function subrequestError(failure: SubrequestFailure, service: string): GraphQLError {
  return new GraphQLError(messages[failure.code](service), {
    originalError: failure,
    extensions: { code: failure.code, service },
  });
}
