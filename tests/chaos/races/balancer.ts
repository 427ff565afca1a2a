import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Hands connections to servers in turn, past those that nobody answers at: what stands before the replicas of a service. */
export interface Balancer {
  /** Its origin. */
  readonly url: string;
  stop(): Promise<void>;
}

/** @param ports of the replicas, on this machine. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const sockets = new Set<Socket>();
  let turn = 0;

  function keep(socket: Socket): Socket {
    sockets.add(socket);
    socket.on('error', () => undefined); // shows as a close too
    socket.on('close', () => sockets.delete(socket));
    return socket;
  }

  function join(client: Socket, port: number, others: readonly number[]): void {
    const server = keep(connect({ host: '127.0.0.1', port, noDelay: true }));
    let isJoined = false;
    server.on('connect', () => {
      isJoined = true;
      client.pipe(server).pipe(client);
      client.on('close', () => server.destroy());
    });
    server.on('close', () => {
      const [next, ...rest] = others;
      if (!isJoined && next !== undefined && !client.destroyed) join(client, next, rest);
      else client.destroy();
    });
  }

  const listener = createServer((client) => {
    turn += 1;
    const order = ports.map((_port, index) => ports[(turn + index) % ports.length]!);
    join(keep(client), order[0]!, order.slice(1));
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
