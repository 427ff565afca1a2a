import type { Logger, Stoppable } from '@trellis/lifecycle';

export interface ExpirySweeperOptions {
  /** Ends the orders that are overdue. */
  readonly sweep: () => Promise<unknown>;
  /** When the next order will be. */
  readonly nextDeadline: () => Promise<Date | undefined>;
  readonly now: () => Date;
  /** The longest sleep: an order placed meanwhile may have an earlier deadline than any that was known. */
  readonly maxSleepMs: number;
  readonly logger: Logger;
}

/** The shortest sleep: an order that is overdue and held by somebody else would otherwise be asked for without a pause. */
const minSleepMs = 200;

/** Sweeps at the start, and then whenever a deadline passes. */
export function startExpirySweeper(options: ExpirySweeperOptions): Stoppable {
  const { sweep, nextDeadline, now, maxSleepMs, logger } = options;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running = run();

  async function run(): Promise<void> {
    let sleepMs = maxSleepMs;
    try {
      await sweep();
      const deadline = await nextDeadline();
      if (deadline !== undefined) sleepMs = deadline.getTime() - now().getTime();
    } catch (error) {
      logger.warn({ err: error }, 'overdue orders could not be looked for; trying again');
    }
    if (stopped) return;
    timer = setTimeout(
      () => {
        running = run();
      },
      Math.max(minSleepMs, Math.min(sleepMs, maxSleepMs)),
    );
  }

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
