import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';

/** The directory belongs to another process. The message names it and says what to do. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
}

const heldHere = new Set<string>();

/**
 * Takes a directory for this process alone. PGlite has no lock of its own, and two processes on one directory lose rows silently.
 * The lock is a file beside the directory that holds the owner's process id; the lock of a process that is gone is taken over.
 * @returns gives the directory back.
 * @throws DirectoryInUseError when a living process, or this one, has it.
 */
export function lockDirectory(directory: string): () => void {
  const lockFile = `${directory}.lock`;
  // Written aside and linked into place: the lock appears whole or not at all.
  const claim = `${lockFile}.${randomUUID()}`;
  writeFileSync(claim, String(process.pid));
  try {
    takeOver(lockFile, directory);
    try {
      linkSync(claim, lockFile);
    } catch {
      throw inUse(directory, lockFile, 'another process that starts just now');
    }
  } finally {
    rmSync(claim, { force: true });
  }
  heldHere.add(lockFile);
  return () => {
    if (heldHere.delete(lockFile)) rmSync(lockFile, { force: true });
  };
}

/** Moves the lock of a dead owner out of the way; refuses when the owner lives. */
function takeOver(lockFile: string, directory: string): void {
  const owner = readOwner(lockFile);
  if (owner === undefined) return;
  if (heldHere.has(lockFile)) throw inUse(directory, lockFile, 'this process');
  // A container restarts with the same small process ids: a lock that names us and is not ours is an old one.
  if (owner !== process.pid && isAlive(owner)) throw inUse(directory, lockFile, `process ${owner}`);
  const aside = `${lockFile}.${randomUUID()}`;
  try {
    renameSync(lockFile, aside);
  } catch {
    throw inUse(directory, lockFile, 'another process that starts just now');
  }
  // Between the look and the rename, a faster starter may have taken over: then what was moved is its lock, and goes back.
  if (readOwner(aside) !== owner) linkSync(aside, lockFile);
  rmSync(aside, { force: true });
}

function readOwner(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function inUse(directory: string, lockFile: string, owner: string): DirectoryInUseError {
  return new DirectoryInUseError(
    `the data directory ${directory} is in use by ${owner}: stop it first (if nothing of the kind runs, delete ${lockFile})`,
  );
}
