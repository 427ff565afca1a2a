import { expect, it } from '@jest/globals';
import { repositoryRoot } from './generated-files.ts';
import { runComposition } from './run-composition.ts';

const run = (...args: string[]) => runComposition(args, repositoryRoot);

it('tells how it is used when it is asked', () => {
  expect(run('--help')).toEqual({ exitCode: 0, output: 'usage: npm run supergraph [-- --check]' });
});

it.each([
  ['an option that it does not know', ['--chek'], "Unknown option '--chek'"],
  ['an argument', ['users'], "Unexpected argument 'users'"],
  ['a value for an option that takes none', ['--check=no'], "Option '--check' does not take an argument"],
])('ends with code 2 and one line for %s', (_what, args, problem) => {
  const usage = '(usage: npm run supergraph [-- --check])';
  expect(run(...args)).toEqual({ exitCode: 2, output: `${problem} ${usage}` });
});

it('finds the committed files to be what the subgraphs compose to', () => {
  expect(run('--check')).toMatchObject({ exitCode: 0 });
});
