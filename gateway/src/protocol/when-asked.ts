import type { FormattedExecutionResult } from 'graphql';
import { createAborting, type LeaveSignal } from '../aborting.ts';
import type { StreamedAnswer } from '../execution/result-stream.ts';

/**
 * Runs an operation when its first result is asked for: one that was ended before that is not run at all. `return` gives it up at once, and ends
 * the `next` that is pending; what is still under way has nobody then. So the library of a protocol never comes back to an
 * operation that its client has ended: by then, the client may have given the id to another.
 * @param run throws what the pending `next` is to throw.
 * @param hasRoom fulfilled when the client has taken what it was sent. Results wait for it, which the libraries would queue without bound.
 */
export function whenAsked(
  run: (signal: LeaveSignal) => Promise<StreamedAnswer>,
  hasRoom: () => Promise<void>,
): AsyncGenerator<FormattedExecutionResult, void, void> {
  const leaving = createAborting();
  const done = { done: true, value: undefined } as const;
  let running: ReturnType<typeof run> | undefined;
  let isOver = false;
  let endPending = (): void => {};

  const nextResult = async (): Promise<IteratorResult<FormattedExecutionResult, void>> => {
    const answer = await (running ??= run(leaving.signal));
    if (answer.kind === 'result') isOver = true;
    const next = answer.kind === 'stream' ? await answer.stream.next() : resultOf(answer);
    await hasRoom();
    return next;
  };
  const close = async (opening: ReturnType<typeof run>): Promise<void> => {
    const answer = await opening;
    if (answer.kind === 'stream') await answer.stream.return();
  };
  const end = async (): Promise<typeof done> => {
    isOver = true;
    leaving.abort();
    endPending();
    // What it fails of is the failure of `next`, which nobody waits for any more.
    if (running !== undefined) close(running).catch(() => {});
    return done;
  };
  const results: AsyncGenerator<FormattedExecutionResult, void, void> = {
    async next() {
      if (isOver) return done;
      return new Promise((resolve, reject) => {
        endPending = () => resolve(done);
        nextResult().then(resolve, reject);
      });
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

function resultOf({ result }: Extract<StreamedAnswer, { kind: 'result' }>): {
  readonly done: false;
  readonly value: FormattedExecutionResult;
} {
  return { done: false, value: result };
}
