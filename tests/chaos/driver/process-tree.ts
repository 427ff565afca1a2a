import { readFileSync } from 'node:fs';

/** Sends a signal to a process and to everything that it started, parents first: what a server consists of dies or freezes as one. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  const children = childrenOf(pid);
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it is gone
  }
  for (const child of children) signalTree(child, signal);
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').flatMap((word) => (word.trim() === '' ? [] : Number(word)));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return []; // it is gone
    throw error;
  }
}
