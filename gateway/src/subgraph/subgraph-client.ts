import type { IdentitySigner } from '@trellis/auth';
import type { Logger } from '@trellis/lifecycle';
import { Agent } from 'undici';
import type { LeaveSignal } from '../aborting.ts';
import type { RequestContext } from '../request-context.ts';
import type { SubgraphEndpoint } from './subgraph-endpoint.ts';
import type { CircuitPosition } from './traffic/circuit-breaker.ts';
import { acceptedEncodings } from './content-encoding.ts';
import { deadlineOf, remaining, type Deadline } from './traffic/deadline.ts';
import { exchangeJson, type ReplyHeaders } from './json-exchange.ts';
import { openEventStream } from './streams/open-event-stream.ts';
import { AnsweredFailure, readReply, type ReadResult } from './read-reply.ts';
import type { Headers, RequestHeaders } from './headers/request-header-rules.ts';
import { connectionHeaders, operationExtensions, requestHeaders } from './headers/request-headers.ts';
import { withRetries } from './traffic/retry.ts';
import type { SubgraphResult } from './subgraph-result.ts';
import type { TrafficRules } from './traffic/traffic-rules.ts';
import { createUpstreams, type Upstream } from './upstream.ts';
import { createWebSocketStreams } from './streams/web-socket-streams.ts';

/** Whom a request is for, and how long. */
interface Request {
  readonly subgraph: SubgraphEndpoint;
  readonly context: RequestContext;
  /** Gives the request, or the stream, up. */
  readonly signal: LeaveSignal;
  /** Nothing is waited for after this, on the clock of `performance.now()`: the end of the operation that the request is a part of. */
  readonly deadlineAt?: number | undefined;
}

/** An operation for a subgraph. */
export interface SubgraphRequest extends Request {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** It is a query: to ask twice changes nothing. Absent: it is sent once. */
  readonly repeatable?: boolean | undefined;
}

/** The same with its body already written. */
export interface WrittenRequest extends Request {
  /** A GraphQL request as JSON. */
  readonly body: string;
  readonly repeatable?: boolean | undefined;
}

export type { ReadResult } from './read-reply.ts';

/** Speaks with subgraphs over HTTP and WebSocket, on connections that are kept. */
export interface SubgraphClient {
  /** @throws SubrequestFailure when there is no GraphQL response; the signal's reason when it was aborted. */
  send(request: SubgraphRequest): Promise<SubgraphResult>;
  /** Like `send`, for those who write the body themselves. */
  post(request: WrittenRequest): Promise<ReadResult>;
  /**
   * Opens a stream of events, by the protocol that the rules for the subgraph say: graphql-sse in its mode of distinct connections, or
   * graphql-transport-ws. The stream ends when the subgraph completes it.
   * @throws like `send`, here or while the stream is read.
   */
  stream(request: SubgraphRequest): Promise<AsyncGenerator<SubgraphResult, void, void>>;
  /** Closes every connection. */
  stop(): Promise<void>;
}

/** A client that also tells how subgraphs have been doing. */
export interface ObservedSubgraphClient extends SubgraphClient {
  /** The position of a subgraph's circuit breaker: it is asked for nothing while that is open. */
  circuitOf(subgraph: SubgraphEndpoint): CircuitPosition;
}

export interface SubgraphClientOptions {
  /** Tells subgraphs on whose behalf they are asked. Absent: they are not told. */
  readonly signer?: IdentitySigner | undefined;
  /** How a subgraph is spoken with, by its name. */
  readonly rulesOf: (name: string) => TrafficRules;
  /** Which of the client's headers a subgraph is given, by its name. All that are forwarded when absent. */
  readonly rewriteHeadersFor?: RequestHeaders['rewriteFor'] | undefined;
  /** A response, or an event of a stream, of more bytes is refused. */
  readonly maxResponseBytes: number;
  /** A stream that brings nothing for this long, not even a ping, counts as dead. */
  readonly streamSilenceMs: number;
  readonly logger: Logger;
}

export function createSubgraphClient(options: SubgraphClientOptions): ObservedSubgraphClient {
  const { signer, maxResponseBytes } = options;
  const upstreams = createUpstreams(options.rulesOf, options.rewriteHeadersFor ?? asTheyAre, options.logger);
  const agent = new Agent({ connections: 256, headersTimeout: 0, bodyTimeout: 0, connectTimeout: 5_000 });
  // Streams hold their connection, so they have their own: a thousand subscribers must not use up the connections of queries.
  const streams = new Agent({
    headersTimeout: 0,
    bodyTimeout: options.streamSilenceMs,
    connectTimeout: 5_000,
  });
  const webSockets = createWebSocketStreams({
    maxEventBytes: maxResponseBytes,
    silenceMs: options.streamSilenceMs,
  });

  const headersFor = ({ context, subgraph }: Request, upstream: Upstream, accept: string): string[] => {
    const headers = requestHeaders(context, forwardedTo(upstream, context), subgraph.name, signer, accept);
    if (upstream.rules.compression) headers.push('accept-encoding', acceptedEncodings);
    return headers;
  };
  // No async function here nor in what it calls until something fails: each would be one more promise for each request.
  const post = (request: WrittenRequest): Promise<ReadResult> => {
    const { body, signal, subgraph, context } = request;
    const { responseHeaders } = context;
    let replyHeaders: ReplyHeaders | undefined;
    const onHeaders = responseHeaders && ((headers: ReplyHeaders) => (replyHeaders = headers));
    const upstream = upstreams.of(subgraph);
    const { origin, path, rules, circuit, budget } = upstream;
    const deadline = deadlineOf(rules.deadlineMs, request.deadlineAt);
    const headers = headersFor(request, upstream, jsonAccept);
    const exchange = (): Promise<ReadResult> =>
      exchangeJson(
        agent,
        {
          origin,
          path,
          headers,
          body,
          signal,
          deadlineMs: remaining(deadline),
          timeoutCode: deadline.timeoutCode,
          maxBytes: maxResponseBytes,
          onHeaders,
        },
        readReply,
      );
    const attempt = (): Promise<ReadResult> => circuit.run(exchange);
    const answered = (
      request.repeatable === true
        ? withRetries(attempt, { retries: rules.retries, budget, endsAt: deadline.endsAt, signal })
        : attempt()
    ).catch(answerOf);
    if (responseHeaders === undefined) return answered;
    return answered.then(
      (result) => {
        responseHeaders.add(subgraph.name, replyHeaders);
        return result;
      },
      (error: unknown) => {
        responseHeaders.add(subgraph.name, undefined);
        throw error;
      },
    );
  };
  const overEvents: OpenStream = (request, upstream, deadline) =>
    openEventStream({
      ask: (signal) =>
        streams.request({
          origin: upstream.origin,
          path: upstream.path,
          method: 'POST',
          headers: headersFor(request, upstream, 'text/event-stream'),
          body: writeRequest(request),
          signal,
        }),
      signal: request.signal,
      deadline,
      maxEventBytes: maxResponseBytes,
    });
  const overWebSocket: OpenStream = (request, upstream, deadline) => {
    const { context, subgraph, query, operationName, variables, signal } = request;
    const forwarded = forwardedTo(upstream, context);
    const extensions = operationExtensions(context);
    return webSockets.open({
      url: upstream.webSocketUrl,
      caller: [subgraph.name, context.identity, forwarded],
      headers: () => connectionHeaders(context, forwarded, subgraph.name, signer),
      payload: { query, operationName, variables, extensions },
      signal,
      deadline,
    });
  };
  return {
    post,
    async send(request) {
      const { data, errors } = await post({ ...request, body: writeRequest(request) });
      return { data, errors };
    },
    async stream(request) {
      const upstream = upstreams.of(request.subgraph);
      const { subscriptions, deadlineMs } = upstream.rules;
      const openStream = subscriptions === 'ws' ? overWebSocket : overEvents;
      return upstream.circuit.run(() =>
        openStream(request, upstream, deadlineOf(deadlineMs, request.deadlineAt)),
      );
    },
    circuitOf: (subgraph) => upstreams.of(subgraph).circuit.position(),
    async stop() {
      await Promise.all([agent.destroy(), streams.destroy(), webSockets.stop()]);
    },
  };
}

type OpenStream = (
  request: SubgraphRequest,
  upstream: Upstream,
  deadline: Deadline,
) => Promise<AsyncGenerator<SubgraphResult, void, void>>;

function answerOf(error: unknown): ReadResult {
  if (error instanceof AnsweredFailure) return error.answer;
  throw error;
}

const asTheyAre = (): undefined => undefined;

function forwardedTo({ rewriteHeaders }: Upstream, { forwardedHeaders }: RequestContext): Headers {
  return rewriteHeaders === undefined ? forwardedHeaders : rewriteHeaders(forwardedHeaders);
}

const jsonAccept = 'application/graphql-response+json, application/json;q=0.9';

/** The body of a request. */
export function writeRequest({ query, operationName, variables }: SubgraphRequest): string {
  return JSON.stringify({ query, variables, ...(operationName === undefined ? {} : { operationName }) });
}
