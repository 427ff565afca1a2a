import type { Logger } from './logger.ts';

/** Something that runs until it is stopped. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** What was started so far. */
export interface StopSequence extends Stoppable {
  /** True from the moment that `stop` is called: nothing new is to be begun, and readiness says so (see `readyUntil`). */
  readonly isStopping: boolean;
  /** @returns the part itself. */
  add<T extends Stoppable>(part: T): T;
}

/**
 * Collects what was started and stops it in the opposite order, each once, however often `stop` is called. A part that fails to
 * stop is reported and does not keep the others running.
 */
export function createStopSequence(logger: Logger): StopSequence {
  const parts: Stoppable[] = [];
  let stopping: Promise<void> | undefined;
  return {
    get isStopping() {
      return stopping !== undefined;
    },
    add(part) {
      parts.push(part);
      return part;
    },
    stop() {
      stopping ??= (async () => {
        for (const part of parts.reverse()) {
          await part.stop().catch((error: unknown) => logger.error({ err: error }, 'a part failed to stop'));
        }
      })();
      return stopping;
    },
  };
}
