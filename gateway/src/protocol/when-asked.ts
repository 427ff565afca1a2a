import type { FormattedExecutionResult } from 'graphql';
import { createAborting } from '../execution/aborting.ts';
import type { ResultStream } from '../execution/subscribe.ts';

/**
 * Runs an operation when its first result is asked for: one that was ended before that is not run at all. `return` gives it up at once, whatever
 * it waits for.
 */
export function whenAsked(
  run: (signal: AbortSignal) => Promise<ResultStream | FormattedExecutionResult>,
): AsyncGenerator<FormattedExecutionResult, void, void> {
  const leaving = createAborting();
  const done = { done: true, value: undefined } as const;
  let running: ReturnType<typeof run> | undefined;
  let isOver = false;
  const end = async (): Promise<typeof done> => {
    isOver = true;
    leaving.abort();
    const result = await running;
    if (result !== undefined && 'ended' in result) await result.return();
    return done;
  };
  const results: AsyncGenerator<FormattedExecutionResult, void, void> = {
    async next() {
      if (isOver) return done;
      const result = await (running ??= run(leaving.signal));
      if ('ended' in result) return result.next();
      if (isOver) return done;
      isOver = true;
      return { done: false, value: result };
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
