import { parseArgs, type ParseArgsConfig } from 'node:util';

type OptionTable = NonNullable<ParseArgsConfig['options']>;

/** What a command prints, and ends with. */
export interface CommandResult {
  /** 0: done. 1: the answer is no. 2: the command could not be understood or carried out. */
  readonly exitCode: 0 | 1 | 2;
  readonly output: string;
}

type Options<T extends OptionTable> = ReturnType<typeof parseArgs<{ readonly options: T }>>['values'];

/**
 * Reads the options of a command, of which `--help` is always one.
 * @returns the options; or what to end with instead: the usage where it was asked for, one sentence where an option is not known.
 */
export function readOptions<T extends OptionTable>(
  args: readonly string[],
  options: T,
  usage: string,
):
  | { readonly ok: true; readonly options: Options<T> }
  | { readonly ok: false; readonly result: CommandResult } {
  try {
    const help = { type: 'boolean', short: 'h' } as const;
    const { values } = parseArgs({ args: [...args], options: { ...options, help } });
    return 'help' in values
      ? { ok: false, result: { exitCode: 0, output: usage } }
      : { ok: true, options: values };
  } catch (error) {
    // Node adds advice that does not fit here.
    const [problem = ''] = (error as Error).message.split('. ');
    return { ok: false, result: notUnderstood(problem, usage) };
  }
}

/** The end of a command that was called the wrong way. */
export function notUnderstood(problem: string, usage: string): CommandResult {
  return { exitCode: 2, output: `${problem} (${usage})` };
}

/** Ends the process as the command ended; what is not an answer goes to standard error. */
export function endWith({ exitCode, output }: CommandResult): void {
  if (exitCode === 2) console.error(output);
  else console.log(output);
  process.exitCode = exitCode;
}
