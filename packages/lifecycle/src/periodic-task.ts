import type { Logger } from './logger.ts';
import type { Stoppable } from './stop-sequence.ts';

/**
 * Does something again and again until stopped; never twice at once. A run that fails is logged, and the next one tries again.
 * @param what for the log: `expired sessions are deleted`.
 */
export function startPeriodicTask(
  what: string,
  intervalMs: number,
  task: () => Promise<unknown>,
  logger: Logger,
): Stoppable {
  let running: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    running ??= task()
      .catch((error: unknown) =>
        logger.error({ err: error, task: what }, 'a periodic task failed; it will be tried again'),
      )
      .finally(() => {
        running = undefined;
      });
  }, intervalMs);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
