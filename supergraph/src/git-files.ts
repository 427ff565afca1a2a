import { execFileSync } from 'node:child_process';

/** Files of a repository as they were at a commit. */
export interface GitTree {
  /** The text of a file; undefined when the commit has none at this path. */
  read(path: string): string | undefined;
  /** Paths of the files in a folder and below, from the root of the repository. */
  list(folder: string): string[];
}

/** A ref that names no commit here. The message says what to do. */
export class UnknownRefError extends Error {
  override readonly name = 'UnknownRefError';
}

/**
 * Opens the tree that a ref names.
 * @param root the root of the repository.
 * @throws UnknownRefError when it names no commit.
 */
export function treeAt(root: string, ref: string): GitTree {
  const commit = resolve(root, ref);
  const list = (path: string): string[] =>
    git(root, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit, '--', path])
      .split('\0')
      .filter(Boolean);
  return {
    list,
    read: (path) => (list(path).includes(path) ? git(root, ['show', `${commit}:${path}`]) : undefined),
  };
}

function resolve(root: string, ref: string): string {
  try {
    // --end-of-options: a ref such as `--help` is a ref nobody has, not an option.
    return git(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]).trim();
  } catch {
    throw new UnknownRefError(
      `${ref} is not a commit of this repository; a shallow clone has to fetch it first`,
    );
  }
}

function git(root: string, args: readonly string[]): string {
  // Git tells hooks and worktrees where the repository is by environment; `root` has the say here.
  const { GIT_DIR: _dir, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, ...env } = process.env;
  return execFileSync('git', ['-C', root, ...args], {
    encoding: 'utf8',
    env,
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
