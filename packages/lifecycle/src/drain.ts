import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A connection is idle when nothing was in hand on it, and nothing came, from one look to the next. */
const lookMs = 250;

interface Connection {
  /** What has no whole answer yet. */
  readonly unanswered: ServerResponse[];
  /** How much had come when the last answer was finished. A connection that was upgraded has had more, and is left to its owner. */
  bytesAtRest: number;
  wasIdle: boolean;
}

/** The connections of a server, watched. */
export interface Drain {
  /** Whether a client waits for an answer on this connection, or has not all of it yet. */
  isAwaited(socket: Socket): boolean;
  /** Stops listening; fulfilled when no connection is left. Those that are left after `graceMs` are cut. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Watches the connections of a server, so that it can be closed without breaking a promise to a client: a kept connection may be used until
 * an answer says `connection: close`. Closing an idle one at once, as `server.close()` does, resets those whose client is just
 * sending; so they are given a quarter of a second in which their next request, if there is one, is answered.
 */
export function createDrain(server: Server): Drain {
  const connections = new Map<Socket, Connection>();
  let draining = false;

  server.on('connection', (socket: Socket) => {
    connections.set(socket, { unanswered: [], bytesAtRest: 0, wasIdle: false });
    socket.on('close', () => connections.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    const connection = connections.get(socket);
    if (connection === undefined) return; // it closed in the same moment
    // An array of each connection's, not a set of all: a set that much goes through leaves tables behind that hold each other, and with them every
    // response, until the old generation is collected.
    connection.unanswered.push(response);
    connection.wasIdle = false;
    if (draining) response.setHeader('connection', 'close');
    response.on('close', () => {
      const index = connection.unanswered.indexOf(response);
      // Some are told twice that they are closed.
      if (index === -1) return;
      connection.unanswered.splice(index, 1);
      connection.bytesAtRest = socket.bytesRead;
    });
  });

  function closeIdle(): void {
    for (const [socket, connection] of connections) {
      const isIdle = connection.unanswered.length === 0 && socket.bytesRead === connection.bytesAtRest;
      if (isIdle && connection.wasIdle) socket.destroy();
      connection.wasIdle = isIdle;
    }
  }

  const stop = (graceMs: number): Promise<void> =>
    new Promise((resolve) => {
      draining = true;
      for (const response of [...connections.values()].flatMap(({ unanswered }) => unanswered)) {
        if (!response.headersSent) response.setHeader('connection', 'close');
      }
      const looks = setInterval(closeIdle, lookMs);
      const grace = setTimeout(() => connections.forEach((_connection, socket) => socket.destroy()), graceMs);
      // Called by `close`, which is too early.
      server.closeIdleConnections = () => undefined;
      server.close(() => {
        clearInterval(looks);
        clearTimeout(grace);
        resolve();
      });
      closeIdle();
    });

  return { isAwaited: (socket) => (connections.get(socket)?.unanswered.length ?? 0) > 0, stop };
}
