import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP proxy that stands between a client and its server, to do to the connection what networks do. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections stand. */
  connections(): number;
  /** Resets every connection. New ones are accepted. */
  cut(): void;
  /** Resets every connection and refuses new ones, as when the server is down. */
  refuse(): Promise<void>;
  /** Accepts connections again, on the same port. */
  accept(): Promise<void>;
  /** Writes bytes to the server on every connection, as if the client had sent them. */
  injectToServer(bytes: Uint8Array): void;
  /** Writes bytes to the client on every connection, as if the server had sent them. */
  injectToClient(bytes: Uint8Array): void;
  /** Stops passing on what the server says; the connections stay. */
  muteServer(): void;
  /** Shows the listener all that either side says from now on, before it is passed on or swallowed. */
  watch(listener: (from: 'client' | 'server', bytes: Buffer) => void): void;
  close(): Promise<void>;
}

/** Starts a proxy to the server of `target` on a free port. */
export async function startTcpProxy(target: URL): Promise<TcpProxy> {
  const pairs = new Set<{ client: Socket; server: Socket }>();
  let listener: Server | undefined;
  let show: (from: 'client' | 'server', bytes: Buffer) => void = () => undefined;

  function open(port: number): Promise<number> {
    const started = createServer((client) => {
      const server = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
      const pair = { client, server };
      pairs.add(pair);
      client.on('data', (bytes: Buffer) => show('client', bytes));
      server.on('data', (bytes: Buffer) => show('server', bytes));
      client.pipe(server).pipe(client);
      for (const socket of [client, server]) {
        // A reset shows as an error and as a close; the close is what counts.
        socket.on('error', () => undefined);
        socket.on('close', () => {
          pairs.delete(pair);
          client.destroy();
          server.destroy();
        });
      }
    });
    listener = started;
    return new Promise((resolve, reject) => {
      started.once('error', reject);
      started.listen(port, '127.0.0.1', () => resolve((started.address() as AddressInfo).port));
    });
  }

  function cut(): void {
    for (const { client, server } of pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
  }

  async function refuse(): Promise<void> {
    const closing = listener;
    listener = undefined;
    cut();
    if (closing !== undefined) await new Promise((resolve) => closing.close(resolve));
  }

  const port = await open(0);
  return {
    port,
    cut,
    refuse,
    connections: () => pairs.size,
    async accept() {
      await open(port);
    },
    injectToServer(bytes) {
      for (const { server } of pairs) server.write(bytes);
    },
    injectToClient(bytes) {
      for (const { client } of pairs) client.write(bytes);
    },
    muteServer() {
      for (const { client, server } of pairs) server.unpipe(client).resume();
    },
    watch(watcher) {
      show = watcher;
    },
    close: refuse,
  };
}
