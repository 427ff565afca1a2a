import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '@trellis/lifecycle';
import { GraphQLError, parse, type ExecutionArgs, type FormattedExecutionResult } from 'graphql';
import { handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { LeaveSignal } from '../aborting.ts';
import type { StreamedAnswer } from '../execution/result-stream.ts';
import type { Authenticate, Authenticated } from '../security/authenticate.ts';
import { formatError } from '../security/present-errors.ts';
import { correlationHeader, correlationIdFrom } from '../telemetry/correlation.ts';
import { closeReasons, goingAway, tokenRefused, tryAgainLater } from './close-codes.ts';
import { webSocketHeaders } from './web-socket-headers.ts';
import { isSameOrigin } from './cors.ts';
import { speakGraphql, type SocketExtra } from './graphql-socket.ts';
import { contextOf } from './http-context.ts';
import type { OperationParams } from './operation-params.ts';
import { createOperationSlots, type OperationSlots } from './operation-slots.ts';
import { asLibraryResult, type LibraryResult, type StreamedOperations } from './streamed-operations.ts';
import { whenAsked } from './when-asked.ts';

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

/** How long clients have to answer the closing of their socket when the gateway stops. */
const goodbyeMs = 2_000;

interface Connection {
  readonly caller: Authenticated;
  /** Those of the handshake, and those in the payload of `connection_init`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly slots: OperationSlots;
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
    // One message at a time, for graphql-ws takes a few promises to note what one of them began.
    allowSynchronousEvents: false,
    // See `paceSocket`.
    autoPong: false,
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
      const headers = webSocketHeaders(connectionParams, request.headers);
      try {
        const caller = await authenticate(headers['authorization']);
        connections.set(socket, { caller, headers, slots: createOperationSlots('A socket') });
        return true;
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error;
        const later = error.extensions['code'] === 'IDENTITY_PROVIDER_UNAVAILABLE';
        socket.close(later ? tryAgainLater : tokenRefused, error.message);
        return false;
      }
    },
    onSubscribe({ extra: { socket, taken } }, _id, payload) {
      const connection = connections.get(socket);
      if (connection === undefined) throw new Error('an operation before its connection');
      if ((connection.caller.identityExpiresAt ?? Infinity) <= Date.now()) {
        // The token cannot be replaced on an open socket: the client has to come again.
        const expired = new GraphQLError('The access token has expired.', {
          extensions: { code: 'UNAUTHENTICATED' },
        });
        socket.close(tokenRefused, expired.message);
        return [expired];
      }
      return asArguments(whenAsked((signal) => run(connection, payload, signal), taken));
    },
    execute: resultsIn,
    // Results are formatted already.
    onNext: (_context, _id, _payload, _arguments, result) => result as FormattedExecutionResult,
    onError: (_context, _id, _payload, errors) => errors.flatMap(reasonsOf).map(formatError),
  };

  async function run(
    { caller, headers, slots }: Connection,
    params: OperationParams,
    signal: LeaveSignal,
  ): Promise<StreamedAnswer> {
    const correlationId = correlationIdFrom(headers[correlationHeader]);
    const context = contextOf(headers, caller, correlationId, forwardHeaders, signal);
    return slots.run(async () => {
      const prepared = await operations.prepare(params, context);
      if (prepared.kind === 'refused') throw new Refused(prepared.errors);
      return prepared.run();
    });
  }
}

function refuse(socket: Duplex, status: string, reason: string): void {
  const head = `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: ${reason.length}`;
  socket.end(`${head}\r\n\r\n${reason}`);
}

/** Thrown by the results of an operation that is refused; graphql-ws makes a GraphQLError of what these throw. */
class Refused extends Error {
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super('refused');
    this.errors = errors;
  }
}

function reasonsOf(error: GraphQLError): readonly GraphQLError[] {
  return error.originalError instanceof Refused ? error.originalError.errors : [error];
}

/** graphql-ws looks for the operation in it, and passes it to `execute`. Ours is in the results. */
const someDocument = parse('{ __typename }');

type Arguments = ExecutionArgs & { readonly results: LibraryResult };

function asArguments(stream: AsyncGenerator<FormattedExecutionResult, void, void>): Arguments {
  // `schema` is not read.
  const results = asLibraryResult({ kind: 'stream', stream });
  return { document: someDocument, contextValue: undefined, results } as unknown as Arguments;
}

function resultsIn(args: unknown): LibraryResult {
  return (args as Arguments).results;
}
