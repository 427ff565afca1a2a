import { inspect, parseArgs } from 'node:util';
import { checkSchema, SchemaCheckError } from './check-schema.ts';
import { UnknownRefError } from './git-files.ts';
import { reportSchemaCheck } from './report-schema-check.ts';

/** What the command prints, and ends with. */
export interface CommandResult {
  /**
   * 0: no client breaks (dangerous changes are reported and pass). 1: a client breaks, or the subgraphs do not compose. 2: the
   * check could not be made.
   */
  readonly exitCode: 0 | 1 | 2;
  readonly output: string;
}

const usage = 'usage: npm run schema:check -- --base REF [--operations GLOB]...';

/**
 * The command `schema:check`.
 * @param root the root of the repository whose working tree is checked.
 */
export async function runSchemaCheck(args: readonly string[], root: string): Promise<CommandResult> {
  let options: { base?: string; operations?: string[] };
  try {
    options = parseArgs({
      args: [...args],
      options: { base: { type: 'string' }, operations: { type: 'string', multiple: true } },
    }).values;
  } catch (error) {
    return { exitCode: 2, output: `${(error as Error).message}\n${usage}` };
  }
  const { base, operations } = options;
  if (base === undefined || base === '') return { exitCode: 2, output: `--base is missing\n${usage}` };
  try {
    const check = await checkSchema({ root, base, operations: operations ?? [] });
    return { exitCode: check.outcome === 'safe' ? 0 : 1, output: reportSchemaCheck(check) };
  } catch (error) {
    // Thrown on, an error would end the process with 1: a change would look breaking because a file cannot be read.
    const expected = error instanceof SchemaCheckError || error instanceof UnknownRefError;
    return { exitCode: 2, output: expected ? error.message : inspect(error) };
  }
}
