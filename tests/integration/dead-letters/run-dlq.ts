import { runToEnd, startProcess, type RunningProcess } from '../../support/processes.ts';

type Environment = Readonly<Record<string, string>>;

/** A letter as `--json` shows it. */
export interface ShownLetter {
  readonly id: string;
  readonly queue: string;
  readonly consumer: string;
  readonly reason: string;
  readonly attempts: number;
  readonly since?: string;
  readonly correlationId?: string;
  readonly content?: { readonly kind: string; readonly text: string };
}

/** Starts `npm run dlq -- …`. */
export function startDlq(environment: Environment, ...args: readonly string[]): RunningProcess {
  return startProcess('tools/dlq.ts', environment, { args });
}

/** Runs it to its end. @returns what it printed; @throws with that when it failed. */
export function dlq(environment: Environment, ...args: readonly string[]): Promise<string> {
  return runToEnd('tools/dlq.ts', environment, { args });
}

/** What it lists. */
export async function listLetters(environment: Environment): Promise<readonly ShownLetter[]> {
  const printed = await dlq(environment, 'list', '--json');
  return JSON.parse(printed.slice(printed.indexOf('['))) as readonly ShownLetter[];
}
