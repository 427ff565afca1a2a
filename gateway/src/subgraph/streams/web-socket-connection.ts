import { createClient, GRAPHQL_TRANSPORT_WS_PROTOCOL, type Sink, type SubscribePayload } from 'graphql-ws';
import { WebSocket } from 'ws';
import { SubrequestFailure, type SubrequestCode } from '../subrequest-failure.ts';

export interface WebSocketConnectionOptions {
  readonly url: string;
  /** Sent with the request to upgrade, and as the payload of `connection_init`. */
  readonly headers: Readonly<Record<string, string>>;
  /** A message of more bytes closes the connection. */
  readonly maxMessageBytes: number;
  /** A peer from which nothing is heard for this long, not even the answer to a ping, counts as dead. */
  readonly silenceMs: number;
  /**
   * Is told once, when the connection is of no more use. Every operation on it has to be given up then, before this returns: what is still
   * open the library may open again on a connection of its own making, with the events in between missing.
   */
  readonly onLost: (failure: SubrequestFailure) => void;
}

/** One WebSocket to a subgraph, with any number of operations on it (graphql-transport-ws protocol). It is never opened again. */
export interface WebSocketConnection {
  /** Fulfilled when the subgraph has accepted the connection; after `onLost` it stays as it is. */
  readonly accepted: Promise<void>;
  /** @returns how to give the operation up. */
  subscribe(payload: SubscribePayload, sink: Sink): () => void;
  /** Closes it, or gives it up when it is not open yet. */
  close(): void;
  /** Cuts it. Fulfilled when it is gone. */
  cut(): Promise<void>;
}

/** @throws SubrequestFailure when the request to upgrade cannot be written. */
export function openWebSocket(options: WebSocketConnectionOptions): WebSocketConnection {
  const { url, headers, silenceMs } = options;
  const socket = connect(options);
  let lost = false;
  let pongTimer: NodeJS.Timeout | undefined;
  let accept = (): void => {};
  const accepted = new Promise<void>((resolve) => (accept = resolve));

  const lose = (code: SubrequestCode, reason: string): void => {
    clearTimeout(pongTimer);
    if (lost) return;
    lost = true;
    options.onLost(new SubrequestFailure(code, reason));
  };

  const client = createClient({
    url,
    webSocketImpl: new Proxy(WebSocket, {
      construct: () => socket,
    }),
    connectionParams: headers,
    retryAttempts: 0,
    keepAlive: silenceMs / 2,
    on: {
      connected: accept,
      ping(received) {
        if (received) return;
        pongTimer = setTimeout(() => {
          lose('SUBREQUEST_TIMEOUT', 'the WebSocket went silent');
          socket.terminate();
        }, silenceMs / 2);
      },
      pong(received) {
        if (received) clearTimeout(pongTimer);
      },
      error(error) {
        const { code, message } = causeOf(error);
        const isTooLarge = code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
        lose(isTooLarge ? 'SUBREQUEST_RESPONSE_TOO_LARGE' : 'SUBREQUEST_HTTP_ERROR', message);
      },
      closed: (event) => lose('SUBREQUEST_HTTP_ERROR', `the WebSocket was closed: ${closingOf(event)}`),
    },
  });

  return {
    accepted,
    subscribe: (payload, sink) => client.subscribe(payload, sink),
    close() {
      if (socket.readyState === WebSocket.OPEN) socket.close(1000);
      else socket.terminate();
    },
    cut: () =>
      new Promise((resolve) => {
        if (socket.readyState === WebSocket.CLOSED) return resolve();
        socket.once('close', () => resolve());
        socket.terminate();
      }),
  };
}

/** Not left to the library: what is thrown there ends the process. */
function connect({ url, headers, maxMessageBytes }: WebSocketConnectionOptions): WebSocket {
  try {
    const socket = new WebSocket(url, GRAPHQL_TRANSPORT_WS_PROTOCOL, {
      headers,
      maxPayload: maxMessageBytes,
      // So that a message is never larger than what was sent of it.
      perMessageDeflate: false,
      followRedirects: false,
    });
    // The library stops listening at times; unheard, an error would end the process.
    socket.on('error', () => {});
    return socket;
  } catch (error) {
    throw new SubrequestFailure('SUBREQUEST_HTTP_ERROR', causeOf(error).message, { isUnsent: true });
  }
}

/** The error itself, or the one that an `ErrorEvent` is about. */
function causeOf(event: unknown): { readonly code?: string; readonly message: string } {
  const error = event instanceof Error ? event : (event as { readonly error?: unknown }).error;
  return error instanceof Error ? error : { message: String(event) };
}

function closingOf(event: unknown): string {
  const { code, reason } = event as { readonly code?: unknown; readonly reason?: unknown };
  return `${String(code)} ${String(reason)}`;
}
