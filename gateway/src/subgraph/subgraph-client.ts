import { gatewayIdentityHeader, type IdentitySigner } from '@trellis/auth';
import { Agent, type Dispatcher } from 'undici';
import type { RequestContext } from '../request-context.ts';
import type { SubgraphEndpoint } from '../supergraph/generation.ts';
import { exchangeJson, httpFailure, isSuccess, type JsonReply } from './json-exchange.ts';
import { openEventStream } from './open-event-stream.ts';
import { parseJson, readSubgraphResult, type SubgraphResult } from './subgraph-result.ts';

/** An operation for a subgraph. */
export interface SubgraphRequest {
  readonly subgraph: SubgraphEndpoint;
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
  /** Gives the request, or the stream, up. */
  readonly signal: AbortSignal;
}

/** The same with its body already written. */
export interface WrittenRequest {
  readonly subgraph: SubgraphEndpoint;
  /** A GraphQL request as JSON. */
  readonly body: string;
  readonly context: RequestContext;
  readonly signal: AbortSignal;
}

/** A result together with how it was written. */
export interface ReadResult extends SubgraphResult {
  /** Whether its text held a backslash. If not, none of its strings needs one when it is written again. */
  readonly escaped: boolean;
}

/** Speaks with subgraphs over HTTP, on connections that are kept. */
export interface SubgraphClient {
  /** @throws SubrequestFailure when there is no GraphQL response; the signal's reason when it was aborted. */
  send(request: SubgraphRequest): Promise<SubgraphResult>;
  /** Like `send`, for those who write the body themselves. */
  post(request: WrittenRequest): Promise<ReadResult>;
  /**
   * Opens a stream of events (graphql-sse protocol, distinct connections). The stream ends when the subgraph completes it.
   * @throws like `send`, here or while the stream is read.
   */
  stream(request: SubgraphRequest): Promise<AsyncGenerator<SubgraphResult, void, void>>;
  /** Closes every connection. */
  stop(): Promise<void>;
}

export interface SubgraphClientOptions {
  /** Tells subgraphs on whose behalf they are asked. Absent: they are not told. */
  readonly signer?: IdentitySigner | undefined;
  /** How long a subgraph may take to answer; for a stream, to begin answering. */
  readonly deadlineMs: number;
  /** A response, or an event of a stream, of more bytes is refused. */
  readonly maxResponseBytes: number;
  /** A stream that brings nothing for this long, not even a ping, counts as dead. */
  readonly streamSilenceMs: number;
}

export function createSubgraphClient(options: SubgraphClientOptions): SubgraphClient {
  const { signer, deadlineMs, maxResponseBytes } = options;
  const agent = new Agent({ connections: 256, headersTimeout: 0, bodyTimeout: 0, connectTimeout: 5_000 });
  // Streams hold their connection, so they have their own: a thousand subscribers must not use up the connections of queries.
  const streams = new Agent({
    headersTimeout: 0,
    bodyTimeout: options.streamSilenceMs,
    connectTimeout: 5_000,
  });

  const post = async ({ subgraph, body, context, signal }: WrittenRequest): Promise<ReadResult> => {
    const headers = requestHeaders(context, subgraph, signer, jsonAccept);
    const { origin, path } = addressOf(subgraph);
    const reply = await exchangeJson(agent, {
      origin,
      path,
      headers,
      body,
      signal,
      deadlineMs,
      maxBytes: maxResponseBytes,
    });
    return readReply(reply);
  };
  return {
    post,
    async send(request) {
      const { data, errors } = await post({ ...request, body: writeRequest(request) });
      return { data, errors };
    },
    stream: (request) =>
      openEventStream(
        (signal) => openStreamBy(streams, request, signer, signal),
        request.signal,
        deadlineMs,
        maxResponseBytes,
      ),
    async stop() {
      await Promise.all([agent.destroy(), streams.destroy()]);
    },
  };
}

const jsonAccept = 'application/graphql-response+json, application/json;q=0.9';

function openStreamBy(
  streams: Agent,
  request: SubgraphRequest,
  signer: IdentitySigner | undefined,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const { subgraph, context } = request;
  return streams.request({
    ...addressOf(subgraph),
    method: 'POST',
    headers: requestHeaders(context, subgraph, signer, 'text/event-stream'),
    body: writeRequest(request),
    signal,
  });
}

function writeRequest({ query, operationName, variables }: SubgraphRequest): string {
  return JSON.stringify({ query, variables, ...(operationName === undefined ? {} : { operationName }) });
}

const addresses = new WeakMap<SubgraphEndpoint, { readonly origin: string; readonly path: string }>();

function addressOf(subgraph: SubgraphEndpoint): { readonly origin: string; readonly path: string } {
  let address = addresses.get(subgraph);
  if (address === undefined) {
    const { origin, pathname, search } = new URL(subgraph.url);
    addresses.set(subgraph, (address = { origin, path: pathname + search }));
  }
  return address;
}

/** What the gateway says itself; a header of the client's never takes its place. */
const own = new Set(['content-type', 'accept', gatewayIdentityHeader, 'x-correlation-id']);

function requestHeaders(
  { forwardedHeaders, identity, correlationId, traceparent }: RequestContext,
  subgraph: SubgraphEndpoint,
  signer: IdentitySigner | undefined,
  accept: string,
): string[] {
  const headers = [
    'content-type',
    'application/json',
    'accept',
    accept,
    'x-correlation-id',
    correlationId,
  ];
  if (signer !== undefined) headers.push(gatewayIdentityHeader, signer.sign(identity, subgraph.name));
  if (traceparent !== undefined) headers.push('traceparent', traceparent);
  for (const name in forwardedHeaders) {
    if (own.has(name) || (name === 'traceparent' && traceparent !== undefined)) continue;
    headers.push(name, forwardedHeaders[name]!);
  }
  return headers;
}

function readReply({ status, text }: JsonReply): ReadResult {
  if (isSuccess(status)) return { ...readSubgraphResult(parseJson(text)), escaped: text.includes('\\') };
  // A refusal may still be a GraphQL response, whose errors say more than the status (GraphQL over HTTP, section 6.4).
  try {
    return { ...readSubgraphResult(parseJson(text)), escaped: true };
  } catch {
    throw httpFailure(status);
  }
}
