/**
 * Every `extensions.code` that the gateway itself gives to an error, with what it means and what a client can do. Codes that subgraphs
 * give to their own errors are passed on as they are, and those of Apollo Server keep their names (`GRAPHQL_PARSE_FAILED`,
 * `GRAPHQL_VALIDATION_FAILED`, `PERSISTED_QUERY_NOT_FOUND`, `BAD_REQUEST`, ...).
 */
export const errorCodes = {
  UNAUTHENTICATED: 'The access token is malformed, expired, or not from the issuer. Sign in again. HTTP 401.',
  IDENTITY_PROVIDER_UNAVAILABLE:
    'The access token could not be checked because the issuer’s keys cannot be reached. Try again later. HTTP 503.',
  BAD_USER_INPUT:
    'A variable does not have the type that the operation declares, or is nested too deeply. HTTP 400.',
  BAD_REQUEST:
    'The request is not a GraphQL request: malformed JSON, no query; or it is a GET as any page could send it; HTTP 400. It is packed, or not in Unicode; HTTP 415. Or its client accepts no answer that there is; HTTP 406.',
  PERSISTED_QUERY_HASH_MISMATCH:
    'The hash of a persisted query is not that of the document sent with it. HTTP 400.',
  BATCHING_NOT_ENABLED: 'The request is a list of operations, which this gateway does not take. HTTP 400.',
  BATCH_LIMIT_EXCEEDED: 'The request holds more operations than it may. HTTP 400.',
  PAYLOAD_TOO_LARGE: 'The request’s body is larger than the gateway takes. HTTP 413.',
  NOT_FOUND: 'Nothing is served at this path. HTTP 404.',
  INTERNAL_SERVER_ERROR:
    'Something unexpected failed, here or in a subgraph. The log has it under the response’s `x-correlation-id`.',
  SUBREQUEST_HTTP_ERROR:
    'A subgraph could not be reached, or answered with an HTTP status that is not a GraphQL response (a redirect counts: it is never followed), or has no stream of events for a subscription.',
  SUBREQUEST_TIMEOUT: 'A subgraph did not answer before its deadline.',
  SUBREQUEST_MALFORMED_RESPONSE:
    'A subgraph answered with something that is not a GraphQL response: HTML, broken JSON, another shape.',
  SUBREQUEST_RESPONSE_TOO_LARGE:
    'A subgraph’s response is larger, or more deeply nested, than the gateway takes.',
  SUBREQUEST_ERRORS_LEFT_OUT:
    'A subgraph answered with more errors, or more data that does not fit the schema, than the gateway tells; `extensions.leftOut` says how many were left out.',
  SUBREQUEST_INVALID_DATA:
    'A subgraph’s data does not fit the schema: null where the type is non-null, an unknown enum value, a list that is not one.',
  SUBREQUEST_CIRCUIT_OPEN: 'A subgraph failed so often that it is not asked for a moment. Try again later.',
  OPERATION_TIMEOUT:
    'The operation as a whole took longer than the gateway gives it; these fields were not waited for any longer. A mutation may have taken effect.',
  OPERATION_TOO_LARGE:
    'The operation is nested too deeply, or is too large once its fragments are spread: all of it, or what stands under `@skip` and `@include`; or it asks for one field too often in one place, needs too many fetches, or takes too many plans. Ask for less at once. HTTP 400.',
  STREAM_NOT_SUPPORTED:
    'The operation says `@stream`, which is not served. Ask without it, or `@defer` what may come later. HTTP 400.',
  DEFER_TRANSPORT_REQUIRED:
    'The operation says `@defer`, and the client takes no answer in parts. Send `Accept: multipart/mixed;deferSpec=20220824`. HTTP 406.',
  OPERATION_NOT_PLANNABLE:
    'The gateway found no way to ask subgraphs for some field of the operation in its place. A fault of the supergraph or of the gateway. HTTP 500.',
  SUBSCRIPTION_TRANSPORT_REQUIRED:
    'A subscription came as a plain HTTP request. Send it over graphql-ws, or with `Accept: text/event-stream` or `multipart/mixed;subscriptionSpec=1.0`. HTTP 400.',
  SUBSCRIPTION_UPSTREAM_LOST:
    'The subgraph that fed this subscription went away. Subscribe again. Ends the stream.',
  SUBSCRIPTION_TOKEN_EXPIRED:
    'The access token that the subscription was made with has expired. Subscribe again with a new one. Ends the stream.',
  TOO_MANY_OPERATIONS:
    'This WebSocket, or event stream, has as many operations open as it may have; or the gateway has as many event streams reserved. HTTP 503.',
  SUPERGRAPH_UNAVAILABLE:
    'The gateway has just been started and waits for its subgraphs; `/health/ready` says for which. Try again soon. HTTP 503.',
  GATEWAY_STOPPING: 'The gateway is being stopped or restarted. Subscribe again. Ends the stream.',
  CLIENT_CLOSED_REQUEST: 'The client left before the answer was ready; seen in logs only.',
} as const;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof errorCodes;
