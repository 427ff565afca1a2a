import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A listening HTTP server that can be stopped without cutting off a request. */
export interface HttpListener {
  /** `http://127.0.0.1:4000`, with the port that was given out when 0 was asked for. */
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  /**
   * Takes no new connection, lets the requests in hand finish, and closes. What is still open after `graceMs` is cut.
   */
  stop(graceMs?: number): Promise<void>;
}

/** A port that cannot be had. The message says what to do. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
}

/**
 * Listens on a port.
 * @param host the address to bind; `127.0.0.1` keeps it to this machine, `0.0.0.0` opens it.
 * @throws PortTakenError when another process listens there.
 */
export async function listen(
  handler: RequestListener,
  options: { readonly port: number; readonly host: string },
): Promise<HttpListener> {
  const server = createServer(handler);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  // Proxies in front keep connections open for 60 s; closing ours first would race with a request they just sent.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 66_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error);
      reject(
        new PortTakenError(
          `port ${options.port} is taken: stop what listens there, or choose another by its *_PORT setting`,
        ),
      );
    });
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const name = options.host === '0.0.0.0' || options.host === '::' ? 'localhost' : options.host;
  return {
    url: `http://${name}:${port}`,
    port,
    server,
    stop: (graceMs = 10_000) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => sockets.forEach((socket) => socket.destroy()), graceMs);
        const closeIdle = (): void => {
          server.closeIdleConnections();
          // Node counts a connection that was opened in advance, and has sent nothing yet, as one with a request in hand.
          for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
        };
        // A connection whose request has just been answered is kept alive by its client, for as long as a minute.
        const sweep = setInterval(closeIdle, 20);
        server.close(() => {
          clearTimeout(cut);
          clearInterval(sweep);
          resolve();
        });
        closeIdle();
      }),
  };
}
