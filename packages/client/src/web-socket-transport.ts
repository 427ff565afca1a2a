import { createClient } from 'graphql-ws';
import { GraphQLRequestError, TransportError } from './errors.ts';
import { reconnectPause } from './reconnect-pause.ts';
import type { SubscriptionTransport, TransportOptions } from './subscription-transport.ts';

/** A class like the browser's `WebSocket`: `new (url, protocol)` and its four events. */
export type WebSocketImplementation = new (url: string, protocol: string) => object;

/**
 * Subscriptions over one WebSocket (graphql-transport-ws protocol), opened with the first and closed with the last. The token goes
 * along as `authorization` in the connection's payload. A connection that breaks is opened again and subscribes again.
 */
export function createWebSocketTransport({
  url,
  token,
  reconnectAttempts,
  webSocketImpl,
}: TransportOptions & {
  /** What the browser has unless it is given. */
  readonly webSocketImpl: WebSocketImplementation | undefined;
}): SubscriptionTransport {
  const stopped = new AbortController();
  const client = createClient({
    url,
    webSocketImpl,
    retryAttempts: reconnectAttempts,
    // By itself the library gives up where nobody listens for the moment, as while a gateway is started again.
    shouldRetry: (failure) => isCloseEvent(failure) || isErrorEvent(failure),
    retryWait: (attempt) => reconnectPause(attempt, stopped.signal).catch(() => undefined),
    connectionParams: () => {
      const value = token();
      return value === undefined ? {} : { authorization: `Bearer ${value}` };
    },
  });
  return {
    subscribe: (payload, sink) =>
      client.subscribe(payload, { ...sink, error: (error) => sink.error(translate(error)) }),
    async stop() {
      stopped.abort();
      await client.dispose();
    },
  };
}

/** graphql-ws reports errors of the operation as a list, and the end of the connection as a close event. */
function translate(error: unknown): Error {
  if (Array.isArray(error)) return new GraphQLRequestError(error);
  if (isCloseEvent(error)) {
    const reason = error.reason === '' ? '' : `: ${error.reason}`;
    return new TransportError(`the WebSocket was closed with ${error.code}${reason}`, { cause: error });
  }
  const message = error instanceof Error || isErrorEvent(error) ? error.message : undefined;
  return new TransportError(`the WebSocket failed: ${message ?? 'unknown failure'}`, { cause: error });
}

function isCloseEvent(error: unknown): error is { readonly code: number; readonly reason: string } {
  return typeof error === 'object' && error !== null && 'code' in error && 'reason' in error;
}

/** What tells of a connection that could not be made; browsers do not say why. */
function isErrorEvent(error: unknown): error is { readonly message?: string } {
  return typeof error === 'object' && error !== null && 'type' in error && error.type === 'error';
}
