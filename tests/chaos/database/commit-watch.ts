import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between a service and its database, and knows when a transaction is being committed. */
export interface CommitWatch {
  /** The database by this way. */
  readonly url: string;
  /**
   * Calls `act` once, when the next transaction that wrote to a table is committed.
   * @param moment `before`: the commit has not reached the server, and does when `act` is done. `after`: the server has committed, and its answer
   *   is on its way when `act` is done.
   */
  onNextCommit(moment: 'before' | 'after', table: string, act: () => Promise<void>): void;
  stop(): Promise<void>;
}

/** @param databaseUrl of a PostgreSQL server that takes connections without TLS. */
export async function watchCommits(databaseUrl: string): Promise<CommitWatch> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let armed: { moment: 'before' | 'after'; table: string; act: () => Promise<void> } | undefined;

  const listener = createServer((client) => {
    const server = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => undefined); // shows as a close too
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    let hasWritten = false;
    client.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      if (armed !== undefined && text.includes(`insert into "${armed.table}"`)) hasWritten = true;
      if (armed === undefined || !hasWritten || !/commit/i.test(text)) return void server.write(bytes);
      const { moment, act } = armed;
      armed = undefined;
      if (moment === 'before') {
        client.pause();
        void act().then(() => {
          server.write(bytes);
          client.resume();
        });
        return;
      }
      server.removeListener('data', passOn);
      server.once('data', (answer) => {
        server.pause();
        void act().then(() => {
          client.write(answer);
          server.on('data', passOn).resume();
        });
      });
      server.write(bytes);
    });
    const passOn = (bytes: Buffer): void => void client.write(bytes);
    server.on('data', passOn);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.port = String((listener.address() as AddressInfo).port);
  return {
    url: url.href,
    onNextCommit(moment, table, act) {
      armed = { moment, table, act };
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
