import { inspect } from 'node:util';
import { checkSchema, SchemaCheckError } from './check-schema.ts';
import { notUnderstood, readOptions, type CommandResult } from './command-line.ts';
import { UnknownRefError } from './git-files.ts';
import { reportSchemaCheck } from './report-schema-check.ts';

const usage = 'usage: npm run schema:check -- --base REF [--operations GLOB]...';

/**
 * The command `schema:check`. Its code is 0 when no client breaks (dangerous changes are reported and pass), 1 when one does or the
 * subgraphs do not compose, and 2 when the check could not be made.
 * @param root the root of the repository whose working tree is checked.
 */
export async function runSchemaCheck(args: readonly string[], root: string): Promise<CommandResult> {
  const read = readOptions(
    args,
    { base: { type: 'string' }, operations: { type: 'string', multiple: true } },
    usage,
  );
  if (!read.ok) return read.result;
  const { base, operations } = read.options;
  if (base === undefined || base === '') return notUnderstood('--base is missing', usage);
  try {
    const check = await checkSchema({ root, base, operations: operations ?? [] });
    return { exitCode: check.outcome === 'safe' ? 0 : 1, output: reportSchemaCheck(check) };
  } catch (error) {
    // Thrown on, an error would end the process with 1: a change would look breaking because a file cannot be read.
    const expected = error instanceof SchemaCheckError || error instanceof UnknownRefError;
    return { exitCode: 2, output: expected ? error.message : inspect(error) };
  }
}
