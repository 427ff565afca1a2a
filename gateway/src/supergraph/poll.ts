import type { Stoppable } from '@trellis/lifecycle';

/**
 * Asks a source for its supergraph again and again, each time so long after the last answer.
 * @param ask gives undefined when nothing changed.
 * @param onProblem is told the message of whatever `ask` throws, once while it stays the same: who is away for a night must not fill the log.
 * @param onRecovery is called when `ask` throws no longer.
 */
export function poll(
  everyMs: number,
  ask: () => Promise<string | undefined>,
  onChange: (supergraphSdl: string) => void,
  onProblem: (problem: string) => void,
  onRecovery: (() => void) | undefined,
): Stoppable {
  let stopped = false;
  let told: string | undefined;
  let timer: NodeJS.Timeout;
  const next = (): void => void (timer = setTimeout(() => void once(), everyMs));
  const once = async (): Promise<void> => {
    try {
      const supergraphSdl = await ask();
      if (stopped) return;
      if (told !== undefined) onRecovery?.();
      told = undefined;
      if (supergraphSdl !== undefined) change(supergraphSdl);
    } catch (error) {
      if (stopped) return;
      const problem = messageOf(error);
      if (problem !== told) onProblem(problem);
      told = problem;
    }
    if (!stopped) next();
  };
  // A supergraph that is refused has been read all the same.
  const change = (supergraphSdl: string): void => {
    try {
      onChange(supergraphSdl);
    } catch (error) {
      onProblem(messageOf(error));
    }
  };
  next();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
