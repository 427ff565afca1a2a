import { constants } from 'node:os';
import type { Stoppable } from './stop-sequence.ts';

/** How long a start may still take when it is told to stop: some wait for what may never come, a lock that another replica holds. */
const startGraceMs = 3_000;

/**
 * The outermost call of a command that serves: starts it, and on SIGTERM, SIGINT (Ctrl-C) or SIGHUP (its
 * terminal is closed) stops it and ends with code 0.
 * A start that fails prints the error's message, one sentence that says what to do, and ends with code 1. One that is under way at the
 * signal is finished first if that takes no more than three seconds, else cut off: then, and at a second signal, the code is the signal's.
 * @param start builds the service; it must not leave anything running when it throws.
 */
export async function runService(start: () => Promise<Stoppable>): Promise<void> {
  let running: Stoppable | undefined;
  let signalled = false;
  let startGrace: NodeJS.Timeout | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    const cutOff = (): never => process.exit(128 + constants.signals[signal]);
    if (signalled) cutOff();
    signalled = true;
    if (running === undefined) {
      startGrace = setTimeout(cutOff, startGraceMs);
      return;
    }
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
  try {
    running = await start();
  } catch (error) {
    fail(error);
  }
  if (signalled) {
    clearTimeout(startGrace);
    await running.stop();
    process.exit(0);
  }
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (process.env['LOG_LEVEL'] === 'debug' && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  process.exit(1);
}
