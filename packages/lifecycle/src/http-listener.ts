import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { boundPipelining } from './bound-pipelining.ts';
import { createDrain } from './drain.ts';
import { UpgradableMessage } from './upgradable-message.ts';

/** A listening HTTP server that can be stopped without cutting off a request. */
export interface HttpListener {
  /** `http://127.0.0.1:4000`, with the port that was given out when 0 was asked for. */
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  /**
   * Takes no new connection, answers what comes on the open ones with `connection: close`, closes those that nobody uses, and ends when
   * none is left. What is still open after `graceMs` is cut.
   */
  stop(graceMs?: number): Promise<void>;
}

/** A port that cannot be had. The message says what to do. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
}

/**
 * Listens on a port. Of the requests that a connection sends before it has its answers, sixteen are under way at a time. A request to upgrade to anything but WebSocket is served as the HTTP/1.1 request that it is (RFC 9110, section 7.8).
 * @param options.host the address to bind; `127.0.0.1` keeps it to this machine, `0.0.0.0` opens it.
 * @param options.portSetting the setting that the port comes from, for the message when it is taken.
 * @param options.receiveTimeoutMs how long a client may take to send a request, headers and body.
 * @param options.keepAliveMs how long a connection is kept for its next request.
 * @param options.untakenMs how long a client may take nothing of what it was sent. Then it is cut off, for all of that is in memory.
 * @throws PortTakenError when another process listens there.
 */
export async function listen(
  handler: RequestListener,
  options: {
    readonly port: number;
    readonly host: string;
    readonly portSetting?: string;
    readonly receiveTimeoutMs?: number;
    readonly keepAliveMs?: number;
    readonly untakenMs?: number;
  },
): Promise<HttpListener> {
  const { receiveTimeoutMs = 30_000, keepAliveMs = 65_000, untakenMs = 30_000 } = options;
  const server = createServer({
    IncomingMessage: UpgradableMessage,
    // A request that drips in holds a connection for no longer than this; Node's own patience is five minutes.
    requestTimeout: receiveTimeoutMs,
    headersTimeout: receiveTimeoutMs,
    connectionsCheckingInterval: Math.min(receiveTimeoutMs, 5_000),
    // Proxies in front keep connections open for 60 s; closing ours first would race with a request they just sent.
    keepAliveTimeout: keepAliveMs,
  });
  // Listens first: what it says of a connection has to be said before the answer begins.
  const drain = createDrain(server);
  // Node tells of connections on which nothing has moved for so long, and by itself would cut also those that wait for their answer. It is told to the
  // server: a listener on each response is a part of what small requests cost.
  server.timeout = untakenMs;
  server.on('timeout', (socket: Socket) => {
    if (socket.writableLength > 0 || !drain.isAwaited(socket)) socket.destroy();
  });
  server.on('request', boundPipelining(handler));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error);
      reject(
        new PortTakenError(
          `port ${options.port} is taken: stop what listens there, or choose another${options.portSetting === undefined ? '' : ` by ${options.portSetting}`}`,
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
    stop: (graceMs = 10_000) => drain.stop(graceMs),
  };
}
