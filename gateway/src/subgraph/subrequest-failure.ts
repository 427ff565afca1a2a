import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../error-codes.ts';

/** The ways in which a request to a subgraph fails as a whole. */
export type SubrequestCode = Extract<ErrorCode, `SUBREQUEST_${string}`>;

/** A request to a subgraph brought no GraphQL response. `reason` is for the log: it may hold what a client must not see. */
export class SubrequestFailure extends Error {
  override readonly name = 'SubrequestFailure';
  readonly code: SubrequestCode;
  readonly reason: string;
  constructor(code: SubrequestCode, reason: string) {
    super(`${code}: ${reason}`);
    this.code = code;
    this.reason = reason;
  }
}

const messages: Record<SubrequestCode, (service: string) => string> = {
  SUBREQUEST_HTTP_ERROR: (service) => `The subgraph ${service} could not be asked.`,
  SUBREQUEST_TIMEOUT: (service) => `The subgraph ${service} did not answer in time.`,
  SUBREQUEST_MALFORMED_RESPONSE: (service) =>
    `The subgraph ${service} did not answer with a GraphQL response.`,
  SUBREQUEST_RESPONSE_TOO_LARGE: (service) => `The subgraph ${service} answered with too much data.`,
  SUBREQUEST_INVALID_DATA: (service) =>
    `The subgraph ${service} answered with data that does not fit the schema.`,
};

/** What a client is told of a failure: which subgraph and which kind, never an address or a body. */
export function subrequestError(failure: SubrequestFailure, service: string): GraphQLError {
  return new GraphQLError(messages[failure.code](service), {
    originalError: failure,
    extensions: { code: failure.code, service },
  });
}
