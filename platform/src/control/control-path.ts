import { join, resolve } from 'node:path';

/** Why there can be no control socket, in words for people. */
export class ControlUnsupportedError extends Error {
  override readonly name = 'ControlUnsupportedError';
}

/** The kernel keeps the path of a socket in a field of fixed size, and a longer one would be cut off and lead elsewhere. */
const maxPathBytes = process.platform === 'linux' ? 107 : 103;

/**
 * The control socket of the platform on a data directory.
 * @throws ControlUnsupportedError where there can be none: on Windows, and below a path that is too long.
 */
export function controlPath(directory: string): string {
  if (process.platform === 'win32') {
    throw new ControlUnsupportedError('there is no control socket on Windows: it needs a unix socket');
  }
  const path = join(resolve(directory), 'control.sock');
  const bytes = Buffer.byteLength(path);
  if (bytes > maxPathBytes) {
    throw new ControlUnsupportedError(
      `there can be no control socket at ${path}: its path has ${bytes} bytes, and a socket's may have ${maxPathBytes}; choose a shorter TRELLIS_DATA_DIRECTORY`,
    );
  }
  return path;
}
