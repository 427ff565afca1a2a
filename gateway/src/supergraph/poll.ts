import type { Stoppable } from '@trellis/lifecycle';

/**
 * Asks a source for its supergraph again and again, each time so long after the last answer.
 * @param ask gives undefined when nothing changed.
 * @param onProblem is told the message of whatever `ask` throws.
 */
export function poll(
  everyMs: number,
  ask: () => Promise<string | undefined>,
  onChange: (supergraphSdl: string) => void,
  onProblem: (problem: string) => void,
): Stoppable {
  let stopped = false;
  let timer: NodeJS.Timeout;
  const next = (): void => void (timer = setTimeout(() => void once(), everyMs));
  const once = async (): Promise<void> => {
    try {
      const supergraphSdl = await ask();
      if (!stopped && supergraphSdl !== undefined) onChange(supergraphSdl);
    } catch (error) {
      if (!stopped) onProblem(error instanceof Error ? error.message : String(error));
    }
    if (!stopped) next();
  };
  next();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
