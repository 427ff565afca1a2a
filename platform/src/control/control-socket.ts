import { rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import type { Stoppable } from '@trellis/lifecycle';

/** Another platform answers on the control socket of this directory. */
export class ControlTakenError extends Error {
  override readonly name = 'ControlTakenError';
}

/** How long requests in hand may take when the platform is stopped. */
const graceMs = 2_000;

/** Takes every right of others, and the owner's to execute. */
const ownerOnly = 0o177;

/**
 * Serves HTTP on a unix socket that only its owner can open. The socket of a process that was killed is replaced.
 * @throws ControlTakenError when a living process answers on it.
 */
export async function listenOnSocket(path: string, handler: RequestListener): Promise<Stoppable> {
  if (await answers(path)) throw new ControlTakenError(`another process answers on ${path}: stop it first`);
  rmSync(path, { force: true });
  const server = createServer(handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // By the mask and not afterwards: there is no moment at which somebody else could connect. `listen` binds before it returns.
    const before = process.umask(ownerOnly);
    try {
      server.listen(path, resolve);
    } finally {
      process.umask(before);
    }
  });
  return {
    async stop() {
      // Removes the socket as well. Requests in hand get their answer, and connections that wait for the next one do not get it.
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // Somebody who has connected and says nothing is no reason for the platform to run on.
      const grace = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(grace);
    },
  };
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // Nothing is there; or a socket that nobody listens on, or a file that is no socket at all.
      if (['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'].includes(error.code ?? '')) resolve(false);
      else reject(error);
    });
  });
}
