import type { IncomingMessage } from 'node:http';
import type { Logger } from '@trellis/lifecycle';
import type { Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { closeReasons, internalError } from './close-codes.ts';

/** What the protocol's hooks know of a connection besides its messages. */
export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** Fulfilled when the client has taken what it was sent, or is gone. */
  taken(): Promise<void>;
}

/** How often a client is asked whether it is still there; one that has not answered by the next time is cut off. */
const heartbeatMs = 12_000;

/**
 * Lets a WebSocket speak graphql-transport-ws. In place of graphql-ws's own adapter, which writes to the console and tells clients what its hooks
 * threw.
 */
export function speakGraphql(
  server: Server<SocketExtra>,
  socket: WebSocket,
  request: IncomingMessage,
  logger: Logger,
): void {
  const fail = (error: unknown): void => {
    logger.error({ err: error }, 'a WebSocket failed');
    close(internalError, '');
  };
  const close = (code: number, reason: string): void => socket.close(code, closeReasons.get(code) ?? reason);
  let taken = Promise.resolve();
  const closed = server.opened(
    {
      protocol: socket.protocol,
      // Not waited for here, but before the next result is made: until it comes back to its books, graphql-ws would take the end of an operation
      // for that of the next one with its id.
      send: (text) => void (taken = send(socket, text)),
      close,
      onMessage: (take) => socket.on('message', (data: Buffer) => void take(data.toString()).catch(fail)),
    },
    { socket, request, taken: () => taken },
  );
  const heartbeat = beat(socket);
  // What a client breaks is closed by the library; unheard, it would end the process.
  socket.on('error', (error) => logger.debug({ reason: error.message }, 'a WebSocket broke'));
  socket.once('close', (code, reason) => {
    clearInterval(heartbeat);
    closed(code, reason.toString()).catch(fail);
  });
}

/** Fulfilled when the socket has taken the text, and all that it was given before. */
function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState !== socket.OPEN) return resolve();
    // The one error there is, a connection that broke, is told by `close`.
    socket.send(text, () => resolve());
  });
}

function beat(socket: WebSocket): NodeJS.Timeout {
  let alive = true;
  socket.on('pong', () => (alive = true));
  return setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, heartbeatMs);
}
