import { DirectoryInUseError, NotADatabaseError } from '@trellis/database';
import { ControlTakenError } from './control/control-socket.ts';

/** The parts of the platform, as their settings begin. */
export type PlatformPart = 'GATEWAY' | 'USERS' | 'PRODUCTS' | 'ORDERS';

/**
 * Puts the setting at fault in front of what a part of the platform could not start for, where the part cannot know it: it is handed an address
 * and a directory, not their names.
 */
export function withSetting(error: unknown, part: PlatformPart): unknown {
  const { syscall, path, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (syscall === 'listen' || syscall === 'getaddrinfo') return named(`${part}_HOST`, message, error);
  const isOfDirectory =
    error instanceof DirectoryInUseError ||
    error instanceof NotADatabaseError ||
    error instanceof ControlTakenError ||
    (syscall !== undefined && path !== undefined);
  return isOfDirectory ? named('TRELLIS_DATA_DIRECTORY', message, error) : error;
}

function named(setting: string, message: string, cause: unknown): Error {
  return new Error(`${setting}: ${message}`, { cause });
}
