import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Below node_modules, where neither the repository nor its tools look. */
const cache = join(root, 'node_modules/.cache/chaos');

/** All that services are run from. */
const copied = [
  'gateway',
  'packages',
  'platform',
  'subgraphs',
  'supergraph',
  'package.json',
  'tsconfig.json',
  'tsconfig.base.json',
];

/** A change of a file: `find` stands there exactly once. */
export interface Edit {
  /** Relative to the root of the repository. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/**
 * Copies the product's source and changes the copy.
 * @returns its folder.
 * @throws when an edit does not fit: the source has changed, and the edit has to follow it.
 */
export function copySource(name: string, edits: readonly Edit[]): string {
  mkdirSync(cache, { recursive: true });
  const copy = mkdtempSync(join(cache, `${name}-`));
  for (const entry of copied) {
    cpSync(join(root, entry), join(copy, entry), {
      recursive: true,
      filter: (path) => !/[\\/](node_modules|dist)$/.test(path),
    });
  }
  linkWorkspaces(copy);
  try {
    for (const edit of edits) apply(copy, edit);
  } catch (error) {
    rmSync(copy, { recursive: true, force: true });
    throw error;
  }
  return copy;
}

/** The workspaces of the copy find each other, and what they need besides in the node_modules of the repository. */
function linkWorkspaces(copy: string): void {
  const scope = 'node_modules/@trellis';
  mkdirSync(join(copy, scope), { recursive: true });
  for (const name of readdirSync(join(root, scope))) {
    const workspace = relative(root, realpathSync(join(root, scope, name)));
    symlinkSync(join(copy, workspace), join(copy, scope, name));
    // What npm could not put at the root.
    const own = join(root, workspace, 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(copy, workspace, 'node_modules'));
  }
}

function apply(copy: string, { file, find, replace }: Edit): void {
  const path = join(copy, file);
  const parts = readFileSync(path, 'utf8').split(find);
  if (parts.length !== 2)
    throw new Error(
      `what a bug replaces stands in ${file} ${parts.length - 1} times, and has to stand there once:\n${find}`,
    );
  writeFileSync(path, parts.join(replace));
}
