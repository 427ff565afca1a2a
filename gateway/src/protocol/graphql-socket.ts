import type { IncomingMessage } from 'node:http';
import type { Logger } from '@trellis/lifecycle';
import { MessageType, stringifyMessage, type Server } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { closeReasons, internalError } from './close-codes.ts';
import { paceSocket } from './paced-socket.ts';

/** What the protocol's hooks know of a connection besides its messages. */
export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** Fulfilled when the client has taken what it was sent, or is gone. */
  taken(): Promise<void>;
}

/** How often a client is asked whether it is still there; one that has not answered by the next time is cut off. */
const heartbeatMs = 12_000;

const pong = stringifyMessage({ type: MessageType.Pong });

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
  let take = (_text: string): Promise<void> => Promise.resolve();
  const paced = paceSocket(socket, (text) => void take(text).catch(fail));
  const closed = server.opened(
    {
      protocol: socket.protocol,
      // Not waited for here, but before the next result is made: until it comes back to its books, graphql-ws would take the end of an operation
      // for that of the next one with its id.
      send: (text) => paced.send(text),
      close,
      onMessage: (listener) => (take = listener),
      // What a client puts into its pings need not travel back.
      onPing: () => paced.send(pong),
    },
    { socket, request, taken: () => paced.taken() },
  );
  const heartbeat = beat(socket);
  // What a client breaks is closed by the library; unheard, it would end the process.
  socket.on('error', (error) => logger.debug({ reason: error.message }, 'a WebSocket broke'));
  socket.once('close', (code, reason) => {
    clearInterval(heartbeat);
    closed(code, reason.toString()).catch(fail);
  });
}

function beat(socket: WebSocket): NodeJS.Timeout {
  let alive = true;
  let isAsked = false;
  // One that comes before the ping was taken is no answer: who takes nothing is not there, whatever it says.
  socket.on('pong', () => (alive ||= isAsked));
  return setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    isAsked = false;
    socket.ping('', false, () => (isAsked = true));
  }, heartbeatMs);
}
