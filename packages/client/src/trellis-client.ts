import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { TransportError } from './errors.ts';
import { createEventStreamTransport } from './event-stream-transport.ts';
import { createHttpRequests } from './http-requests.ts';
import {
  toPayload,
  toSubscriptionPayload,
  type SubscriptionVariablesParameter,
  type VariablesParameter,
} from './operation.ts';
import { dataOf } from './response.ts';
import { createResultStream } from './result-stream.ts';
import { createWebSocketTransport, type WebSocketImplementation } from './web-socket-transport.ts';

/** How to reach a graph. */
export interface TrellisClientOptions {
  /** Of the GraphQL endpoint: `http://127.0.0.1:4000/graphql`. */
  readonly url: string;
  /** The access token, asked for with every request and every connection; undefined to go without. */
  readonly token?: () => string | undefined;
  /** How subscriptions travel. Default: `websocket`. */
  readonly subscriptions?: 'websocket' | 'sse';
  /** The WebSocket to use where the platform has none, or another is wanted. Default: `globalThis.WebSocket`; on Node, `ws`. */
  readonly webSocketImpl?: WebSocketImplementation;
  /** How long an answer to a request may take, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number;
  /** How often a subscription's connection that broke is tried again, with growing pauses. Default: 5. */
  readonly reconnectAttempts?: number;
}

/** A client of a graph; results and variables have the types of the document. */
export interface TrellisClient {
  /**
   * Sends a query or a mutation and returns its data.
   * @throws GraphQLRequestError when the server answers with errors.
   * @throws TransportError when there is no GraphQL answer.
   */
  request<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    ...variables: VariablesParameter<Variables>
  ): Promise<Data>;
  /**
   * Begins a subscription at once, and iterates over the data of its results. Leaving the loop ends the subscription.
   * A result with errors ends the iteration with a GraphQLRequestError, a lost connection with a TransportError.
   * @param variables may be a function: it is asked again with every connection that is opened after one broke.
   */
  subscribe<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    ...variables: SubscriptionVariablesParameter<Variables>
  ): AsyncIterableIterator<Data>;
  /** Gives up requests in hand, ends subscriptions, and closes connections. */
  stop(): Promise<void>;
}

/**
 * Makes a client. It connects when it is first used.
 * @throws Error when subscriptions are to travel over WebSocket and there is none, neither given nor global.
 */
export function createTrellisClient(options: TrellisClientOptions): TrellisClient {
  const { url, token = () => undefined, timeoutMs = 30_000, reconnectAttempts = 5 } = options;
  const requests = createHttpRequests({ url, token, timeoutMs });
  const transport =
    options.subscriptions === 'sse'
      ? createEventStreamTransport({ url, token, reconnectAttempts })
      : createWebSocketTransport({
          url: url.replace(/^http/, 'ws'),
          token,
          reconnectAttempts,
          webSocketImpl: options.webSocketImpl,
        });
  let stopped = false;
  const assertRunning = (): void => {
    if (stopped) throw new TransportError('the client was stopped');
  };

  return {
    async request<Data, Variables>(
      document: TypedDocumentNode<Data, Variables>,
      ...[variables]: VariablesParameter<Variables>
    ): Promise<Data> {
      assertRunning();
      return (await requests.send(toPayload(document, variables))) as Data;
    },
    subscribe<Data, Variables>(
      document: TypedDocumentNode<Data, Variables>,
      ...[variables]: SubscriptionVariablesParameter<Variables>
    ): AsyncIterableIterator<Data> {
      assertRunning();
      const payload = toSubscriptionPayload(document, variables);
      return createResultStream<Data & object>((sink) => {
        const end = transport.subscribe(payload, {
          ...sink,
          next(result) {
            try {
              sink.next(dataOf(result) as Data & object);
            } catch (error) {
              sink.error(error);
              end();
            }
          },
        });
        return end;
      });
    },
    async stop() {
      stopped = true;
      requests.stop();
      await transport.stop();
    },
  };
}
