import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError, type ExecutionArgs, type FormattedExecutionResult } from 'graphql';
import { CloseCode } from 'graphql-ws';
import { useServer, type Extra } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { createAborting } from '../execution/aborting.ts';
import type { RequestContext } from '../request-context.ts';
import type { Authenticate, Authenticated } from '../security/authenticate.ts';
import { pickHeaders } from './http-context.ts';
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
  /** A message of more bytes closes its socket. */
  readonly maxMessageBytes: number;
}

/** How many operations one socket may have open. */
const maxOperationsPerSocket = 100;

/** RFC 6455's registry: the server cannot serve now, and may later. */
const tryAgainLater = 1013;

interface Connection {
  readonly caller: Authenticated;
  readonly leaving: AbortController;
}

/**
 * Operations of every kind over WebSocket (graphql-transport-ws protocol). The access token comes in the payload of `connection_init`, as
 * `authorization` or within `headers`, because browsers cannot set headers on a WebSocket. A connection whose token is refused is
 * closed with 4403, and with 1013 when the token could not be checked.
 */
export function serveWebSocket(options: WebSocketOptions): { stop(): Promise<void> } {
  const { server, path, operations, authenticate } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: options.maxMessageBytes });
  const connections = new WeakMap<Extra['socket'], Connection>();

  const { dispose } = useServer<Record<string, unknown>>(
    {
      async onConnect({ connectionParams, extra: { socket, request } }) {
        try {
          const caller = await authenticate(authorizationFrom(connectionParams, request));
          connections.set(socket, { caller, leaving: createAborting() });
          return true;
        } catch (error) {
          if (!(error instanceof GraphQLError)) throw error;
          if (error.extensions['code'] === 'IDENTITY_PROVIDER_UNAVAILABLE') {
            socket.close(tryAgainLater, 'Try again later');
          }
          return false;
        }
      },
      onSubscribe({ extra: { socket, request }, subscriptions }, _id, payload) {
        const connection = connections.get(socket);
        if (connection === undefined) throw new Error('an operation before its connection');
        if ((connection.caller.identityExpiresAt ?? Infinity) <= Date.now()) {
          // The token cannot be replaced on an open socket: the client has to come again.
          socket.close(CloseCode.Forbidden, 'The access token has expired');
          return [
            new GraphQLError('The access token has expired.', { extensions: { code: 'UNAUTHENTICATED' } }),
          ];
        }
        if (Object.keys(subscriptions).length > maxOperationsPerSocket) return [tooMany()];
        const prepared = operations.prepare(payload);
        if ('length' in prepared) return prepared;
        return executionArgs(prepared, contextOf(connection, request, options.forwardHeaders));
      },
      execute: runPrepared,
      subscribe: runPrepared,
      // Results are formatted already.
      onNext: (_context, _id, _payload, _arguments, result) => result as FormattedExecutionResult,
      onClose: ({ extra: { socket } }) => connections.get(socket)?.leaving.abort(),
    },
    sockets,
  );

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Node takes its own listener off an upgraded socket: unheard, a reset by the client would end the process.
    socket.on('error', () => socket.destroy());
    if (request.url?.split('?')[0] !== path) {
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  };
  server.on('upgrade', upgrade);
  return {
    async stop() {
      server.off('upgrade', upgrade);
      await dispose();
    },
  };
}

/** graphql-ws passes these to `execute` or `subscribe` as they are, so the prepared operation travels in them. */
type PreparedArgs = ExecutionArgs & {
  readonly prepared: PreparedOperation;
  readonly contextValue: RequestContext;
};

function executionArgs(prepared: PreparedOperation, contextValue: RequestContext): PreparedArgs {
  // `schema` is not read: the prepared operation has its own.
  return { document: prepared.document, prepared, contextValue } as unknown as PreparedArgs;
}

async function runPrepared(args: unknown): Promise<LibraryResult> {
  const { prepared, contextValue } = args as PreparedArgs;
  return asLibraryResult(await prepared.run(contextValue));
}

function contextOf(
  { caller, leaving }: Connection,
  request: IncomingMessage,
  forwardHeaders: readonly string[],
): RequestContext {
  return {
    ...caller,
    correlationId: randomUUID(),
    forwardedHeaders: pickHeaders((name) => request.headers[name]?.toString(), forwardHeaders),
    signal: leaving.signal,
  };
}

function authorizationFrom(
  payload: Readonly<Record<string, unknown>> | undefined,
  request: IncomingMessage,
): string | undefined {
  return headerIn(payload) ?? headerIn(payload?.['headers']) ?? request.headers.authorization;
}

function headerIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const entry = Object.entries(value).find(([name]) => name.toLowerCase() === 'authorization');
  // Something that is no text is still a claim to be somebody; it must not pass as anonymous.
  return entry === undefined || entry[1] === undefined || entry[1] === null ? undefined : String(entry[1]);
}

function tooMany(): GraphQLError {
  return new GraphQLError(`A socket may have ${maxOperationsPerSocket} operations open.`, {
    extensions: { code: 'TOO_MANY_OPERATIONS' },
  });
}
