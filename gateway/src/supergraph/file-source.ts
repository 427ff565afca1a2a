import { watch, type FSWatcher } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { StandaloneSource } from './supergraph-source.ts';

/**
 * Editors and deployments write in several steps; this long after the first one the file is read, and again after a step that came later. It is not
 * waited for rest: a folder with a log in it has none.
 */
const settleMs = 100;

/**
 * A supergraph in a file. Its folder is watched rather than the file, because a file that is replaced by renaming, as editors and
 * Kubernetes do, takes a watch on itself away with it.
 */
export function supergraphFile(path: string): StandaloneSource {
  const file = resolve(path);
  return {
    async load() {
      try {
        return await readFile(file, 'utf8');
      } catch (error) {
        throw new Error(`${problemOf(path, error)}: compose it, or name another file`, { cause: error });
      }
    },
    watch(onChange, onProblem) {
      let stopped = false;
      let timer: NodeJS.Timeout | undefined;
      const read = async (): Promise<void> => {
        // First of all, so that what is written from now on is read again.
        timer = undefined;
        try {
          const supergraphSdl = await readFile(file, 'utf8');
          // A file that is being written is empty for a moment.
          if (!stopped && supergraphSdl !== '') onChange(supergraphSdl);
        } catch (error) {
          if (!stopped) onProblem(problemOf(path, error));
        }
      };
      const soon = (): void => {
        timer ??= setTimeout(() => void read(), settleMs);
      };
      const watcher: FSWatcher = watch(dirname(file), soon);
      watcher.on('error', (error) =>
        onProblem(`the supergraph ${path} is no longer watched (${error.message})`),
      );
      // It may have changed since it was loaded.
      soon();
      return {
        async stop() {
          stopped = true;
          clearTimeout(timer);
          watcher.close();
        },
      };
    },
  };
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this process may not read it',
};

function problemOf(path: string, error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return `the supergraph ${path} cannot be read (${reasons[code] ?? message})`;
}
