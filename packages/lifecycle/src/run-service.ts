import type { Stoppable } from './stop-sequence.ts';

/**
 * The outermost call of a command that serves: starts it, and on SIGTERM or SIGINT (Ctrl-C) stops it and ends with code 0.
 * A start that fails prints the error's message, one sentence that says what to do, and ends with code 1. A second signal while
 * stopping ends at once.
 * @param start builds the service; it must not leave anything running when it throws.
 */
export async function runService(start: () => Promise<Stoppable>): Promise<void> {
  let running: Stoppable | undefined;
  let signalled = false;
  const stop = (): void => {
    if (signalled) process.exit(130);
    signalled = true;
    if (running === undefined) return; // still starting: the start finishes, then stops
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  try {
    running = await start();
  } catch (error) {
    fail(error);
  }
  if (signalled) {
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
