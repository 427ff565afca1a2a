/**
 * `npm run supergraph [-- --check]`: composes the subgraphs into `supergraph/generated/`. With `--check` nothing is written, and
 * files that are not what composition gives end the command with code 1; so do subgraphs that do not compose.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { composeSupergraph } from '../compose-supergraph.ts';
import { describeProblems } from '../describe-problems.ts';
import { generatedFiles, readIfPresent, replaceFile, repositoryRoot } from '../generated-files.ts';
import { readSubgraphs } from '../read-subgraphs.ts';
import { subgraphs } from '../subgraphs.ts';

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const composition = composeSupergraph(readSubgraphs(repositoryRoot, subgraphs));
if (composition.ok) {
  for (const kind of ['supergraph', 'apiSchema'] as const) keep(generatedFiles[kind], composition[kind]);
} else {
  console.error(describeProblems(composition.problems));
  process.exitCode = 1;
}

function keep(file: string, text: string): void {
  const path = join(repositoryRoot, file);
  if (!values.check) console.log(`${file} ${replaceFile(path, text) ? 'written' : 'unchanged'}`);
  else if (readIfPresent(path) !== text) {
    console.error(
      `${file} is not what the subgraphs compose to: run npm run supergraph and commit the result`,
    );
    process.exitCode = 1;
  }
}
