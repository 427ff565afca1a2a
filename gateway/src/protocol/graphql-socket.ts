import type { IncomingMessage } from 'node:http';
import type { Logger } from '@trellis/lifecycle';
import type { Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { closeReasons, internalError } from './close-codes.ts';

/** What the protocol's hooks know of a connection besides its messages. */
export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
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
  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (text) => send(socket, text),
      close,
      onMessage: (take) => socket.on('message', (data: Buffer) => void take(data.toString()).catch(fail)),
    },
    { socket, request },
  );
  const heartbeat = beat(socket);
  // What a client breaks is closed by the library; unheard, it would end the process.
  socket.on('error', (error) => logger.debug({ reason: error.message }, 'a WebSocket broke'));
  socket.once('close', (code, reason) => {
    clearInterval(heartbeat);
    closed(code, reason.toString()).catch(fail);
  });
}

/** Fulfilled when the socket has taken the text, so that a slow client is not sent more than it takes. */
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
