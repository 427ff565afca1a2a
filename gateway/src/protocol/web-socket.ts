import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '@trellis/lifecycle';
import { GraphQLError, type ExecutionArgs, type FormattedExecutionResult } from 'graphql';
import { handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { createAborting, type Aborting } from '../execution/aborting.ts';
import type { RequestContext } from '../request-context.ts';
import type { Authenticate, Authenticated } from '../security/authenticate.ts';
import { formatError } from '../security/present-errors.ts';
import { correlationHeader, correlationIdFrom } from '../telemetry/correlation.ts';
import { closeReasons, goingAway, tokenRefused, tryAgainLater } from './close-codes.ts';
import { connectionHeaders } from './connection-headers.ts';
import { isSameOrigin } from './cors.ts';
import { speakGraphql, type SocketExtra } from './graphql-socket.ts';
import { contextOf } from './http-context.ts';
import {
  asLibraryResult,
  type LibraryResult,
  type PreparedOperation,
  type StreamedOperations,
} from './streamed-operations.ts';

export interface WebSocketOptions {
  readonly server: Server;
  readonly path: string;
  readonly operations: StreamedOperations;
  readonly authenticate: Authenticate;
  readonly forwardHeaders: readonly string[];
  /** Pages of other origins are refused with 403; browsers apply no rule of their own to a WebSocket. */
  readonly isAllowedOrigin: (origin: string) => boolean;
  /** A message of more bytes closes its socket. */
  readonly maxMessageBytes: number;
  readonly logger: Logger;
}

/** How many operations one socket may have open. */
const maxOperationsPerSocket = 100;

/** How long clients have to answer the closing of their socket when the gateway stops. */
const goodbyeMs = 2_000;

interface Connection {
  readonly caller: Authenticated;
  /** Those of the handshake, and those in the payload of `connection_init`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly leaving: Aborting;
}

/**
 * Operations of every kind over WebSocket (graphql-transport-ws protocol). The access token comes in the payload of `connection_init`, as
 * `authorization` or within `headers`, because browsers cannot set headers on a WebSocket; so may the correlation id and the trace. A
 * connection whose token is refused is closed with 4403, and with 1013 when the token could not be checked.
 */
export function serveWebSocket(options: WebSocketOptions): { stop(): Promise<void> } {
  const { server, path, isAllowedOrigin, logger } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.maxMessageBytes,
    handleProtocols: (protocols) => handleProtocols(protocols),
  });
  const graphql = makeServer<Record<string, unknown>, SocketExtra>(createHooks(options));

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Node takes its own listener off an upgraded socket: unheard, a reset by the client would end the process.
    socket.on('error', () => socket.destroy());
    const { origin, host } = request.headers;
    if (request.url?.split('?')[0] !== path)
      return refuse(socket, '404 Not Found', `WebSockets are served at ${path}.`);
    if (origin !== undefined && !isAllowedOrigin(origin) && !isSameOrigin(origin, host)) {
      return refuse(socket, '403 Forbidden', 'Pages of this origin are not let in.');
    }
    sockets.handleUpgrade(request, socket, head, (client) => speakGraphql(graphql, client, request, logger));
  };
  server.on('upgrade', upgrade);
  return {
    async stop() {
      server.off('upgrade', upgrade);
      for (const client of sockets.clients) client.close(goingAway, closeReasons.get(goingAway));
      const cut = setTimeout(() => sockets.clients.forEach((client) => client.terminate()), goodbyeMs);
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
      clearTimeout(cut);
    },
  };
}

function createHooks({
  operations,
  authenticate,
  forwardHeaders,
}: WebSocketOptions): Parameters<typeof makeServer<Record<string, unknown>, SocketExtra>>[0] {
  const connections = new WeakMap<WebSocket, Connection>();
  return {
    async onConnect({ connectionParams, extra: { socket, request } }) {
      const headers = connectionHeaders(connectionParams, request.headers);
      try {
        const caller = await authenticate(headers['authorization']);
        connections.set(socket, { caller, headers, leaving: createAborting() });
        return true;
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error;
        const later = error.extensions['code'] === 'IDENTITY_PROVIDER_UNAVAILABLE';
        socket.close(later ? tryAgainLater : tokenRefused, error.message);
        return false;
      }
    },
    async onSubscribe({ extra: { socket }, subscriptions }, _id, payload) {
      const connection = connections.get(socket);
      if (connection === undefined) throw new Error('an operation before its connection');
      const { caller, headers, leaving } = connection;
      if ((caller.identityExpiresAt ?? Infinity) <= Date.now()) {
        // The token cannot be replaced on an open socket: the client has to come again.
        const expired = new GraphQLError('The access token has expired.', {
          extensions: { code: 'UNAUTHENTICATED' },
        });
        socket.close(tokenRefused, expired.message);
        return [expired];
      }
      if (Object.keys(subscriptions).length > maxOperationsPerSocket) return [tooMany()];
      const correlationId = correlationIdFrom(headers[correlationHeader]);
      const context = contextOf(headers, caller, correlationId, forwardHeaders, leaving.signal);
      const prepared = await operations.prepare(payload, context);
      return prepared.kind === 'refused' ? prepared.errors : executionArgs(prepared, context);
    },
    execute: runPrepared,
    subscribe: runPrepared,
    // Results are formatted already.
    onNext: (_context, _id, _payload, _arguments, result) => result as FormattedExecutionResult,
    onError: (_context, _id, _payload, errors) => errors.map(formatError),
    onClose: ({ extra: { socket } }) => connections.get(socket)?.leaving.abort(),
  };
}

function refuse(socket: Duplex, status: string, reason: string): void {
  const head = `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: ${reason.length}`;
  socket.end(`${head}\r\n\r\n${reason}`);
}

/** graphql-ws passes these to `execute` or `subscribe` as they are, so the prepared operation travels in them. */
type PreparedArgs = ExecutionArgs & { readonly prepared: PreparedOperation };

function executionArgs(prepared: PreparedOperation, contextValue: RequestContext): PreparedArgs {
  // `schema` is not read: the prepared operation has its own.
  return { document: prepared.document, prepared, contextValue } as unknown as PreparedArgs;
}

async function runPrepared(args: unknown): Promise<LibraryResult> {
  return asLibraryResult(await (args as PreparedArgs).prepared.run());
}

function tooMany(): GraphQLError {
  return new GraphQLError(`A socket may have ${maxOperationsPerSocket} operations open.`, {
    extensions: { code: 'TOO_MANY_OPERATIONS' },
  });
}
