import type { FormattedExecutionResult } from 'graphql';
import { createAborting, type LeaveSignal } from '../execution/aborting.ts';
import type { StreamedAnswer } from '../execution/result-stream.ts';

/**
 * Runs an operation when its first result is asked for: one that was ended before that is not run at all. `return` gives it up at once, whatever
 * it waits for.
 */
export function whenAsked(
  run: (signal: LeaveSignal) => Promise<StreamedAnswer>,
): AsyncGenerator<FormattedExecutionResult, void, void> {
  const leaving = createAborting();
  const done = { done: true, value: undefined } as const;
  let running: ReturnType<typeof run> | undefined;
  let isOver = false;
  const end = async (): Promise<typeof done> => {
    isOver = true;
    leaving.abort();
    const answer = await running;
    if (answer?.kind === 'stream') await answer.stream.return();
    return done;
  };
  const results: AsyncGenerator<FormattedExecutionResult, void, void> = {
    async next() {
      if (isOver) return done;
      const answer = await (running ??= run(leaving.signal));
      if (answer.kind === 'stream') return answer.stream.next();
      if (isOver) return done;
      isOver = true;
      return { done: false, value: answer.result };
    },
    return: end,
    throw: end,
    [Symbol.asyncIterator]: () => results,
    [Symbol.asyncDispose]: async () => {
      await end();
    },
  };
  return results;
}
