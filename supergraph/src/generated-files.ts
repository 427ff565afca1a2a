import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository, with a slash at its end. */
export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));

/** Where composition's results are kept, relative to the root of the repository. */
export const generatedFiles = {
  supergraph: 'supergraph/generated/supergraph.graphql',
  apiSchema: 'supergraph/generated/api-schema.graphql',
} as const;

/**
 * Replaces a file in one step: whoever watches or reads it sees the old text or the new, never half of it.
 * @returns whether the text is another than before.
 */
export function replaceFile(path: string, text: string): boolean {
  if (readIfPresent(path) === text) return false;
  mkdirSync(dirname(path), { recursive: true });
  // Beside the file and not in the temporary folder: a rename is atomic only within one file system.
  const next = `${path}.${process.pid}.tmp`;
  writeFileSync(next, text);
  renameSync(next, path);
  return true;
}

/** The text of a file; undefined when there is none. */
export function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
