import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Ports that nobody listens on, outside the range from which the system takes those of outgoing connections: while a part is down,
 * a connection of somebody else could be given its port, and it would not come up again.
 */
export async function lastingPorts(count: number): Promise<number[]> {
  const found: number[] = [];
  while (found.length < count) {
    const port = 15_000 + Math.floor(Math.random() * 15_000);
    if (!found.includes(port) && (await isFree(port))) found.push(port);
  }
  return found;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
