import { join } from 'node:path';
import { readOptions, type CommandResult } from './command-line.ts';
import { composeSupergraph } from './compose-supergraph.ts';
import { describeProblems } from './describe-problems.ts';
import { generatedFiles, readIfPresent, replaceFile } from './generated-files.ts';
import { readSubgraphs } from './read-subgraphs.ts';
import { subgraphs } from './subgraphs.ts';

const usage = 'usage: npm run supergraph [-- --check]';

/**
 * The command `supergraph`: composes the subgraphs into `supergraph/generated/`. With `--check` nothing is written, and files that are
 * not what composition gives end it with code 1; so do subgraphs that do not compose.
 * @param root the root of the repository.
 */
export function runComposition(args: readonly string[], root: string): CommandResult {
  const read = readOptions(args, { check: { type: 'boolean' } }, usage);
  if (!read.ok) return read.result;
  const composition = composeSupergraph(readSubgraphs(root, subgraphs));
  if (!composition.ok) return { exitCode: 1, output: describeProblems(composition.problems) };

  const files = (['supergraph', 'apiSchema'] as const).map((kind) => ({
    file: generatedFiles[kind],
    text: composition[kind],
  }));
  if (read.options.check !== true) {
    const written = files.map(
      ({ file, text }) => `${file} ${replaceFile(join(root, file), text) ? 'written' : 'unchanged'}`,
    );
    return { exitCode: 0, output: written.join('\n') };
  }
  const stale = files.filter(({ file, text }) => readIfPresent(join(root, file)) !== text);
  if (stale.length === 0)
    return { exitCode: 0, output: 'the generated files are what the subgraphs compose to' };
  const complaints = stale.map(
    ({ file }) =>
      `${file} is not what the subgraphs compose to: run npm run supergraph and commit the result`,
  );
  return { exitCode: 1, output: complaints.join('\n') };
}
