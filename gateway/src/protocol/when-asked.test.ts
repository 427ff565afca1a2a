import type { FormattedExecutionResult } from 'graphql';
import type { LeaveSignal } from '../aborting.ts';
import type { StreamedAnswer } from '../execution/result-stream.ts';
import { whenAsked } from './when-asked.ts';

const done = { done: true, value: undefined };
const result = { kind: 'result', result: { data: { a: 1 } } } as const;
const atOnce = async (): Promise<void> => {};
const never = new Promise<never>(() => {});

/** A stream of one event, which tells when it is closed. */
function aStream() {
  let markEnded = (): void => {};
  const ended = new Promise<void>((resolve) => (markEnded = resolve));
  const events = (async function* (): AsyncGenerator<FormattedExecutionResult, void, void> {
    yield { data: { a: 1 } };
  })();
  const stream = Object.assign(events, {
    ended,
    end: async () => {},
    return: async () => {
      markEnded();
      return { done: true, value: undefined } as const;
    },
  });
  return { kind: 'stream', stream } as const;
}

describe('an operation that runs when it is asked for', () => {
  it('has one result, or those of its stream', async () => {
    for (const answer of [result, aStream()]) {
      const results = whenAsked(async () => answer, atOnce);

      expect(await results.next()).toEqual({ done: false, value: { data: { a: 1 } } });
      expect(await results.next()).toEqual(done);
    }
  });

  it('does not run when it was ended before', async () => {
    let runs = 0;
    const results = whenAsked(async () => {
      runs += 1;
      return result;
    }, atOnce);

    await results.return();

    expect(await results.next()).toEqual(done);
    expect(runs).toBe(0);
  });

  it.each<[string, () => Promise<StreamedAnswer>, () => Promise<void>]>([
    ['that does not answer', () => never, atOnce],
    ['whose client takes nothing', async () => result, () => never],
  ])('is given up at once, also one %s', async (_which, run, hasRoom) => {
    let given: LeaveSignal | undefined;
    const results = whenAsked((signal) => {
      given = signal;
      return run();
    }, hasRoom);
    const pending = results.next();

    expect(await results.return()).toEqual(done);

    expect(await pending).toEqual(done);
    expect(given?.aborted).toBe(true);
  });

  it('closes a stream that was still being opened when it was given up', async () => {
    let open = (_answer: StreamedAnswer): void => {};
    const results = whenAsked(() => new Promise((resolve) => (open = resolve)), atOnce);
    const pending = results.next();
    await results.return();
    const answer = aStream();

    open(answer);

    await answer.stream.ended;
    expect(await pending).toEqual(done);
  });

  it('tells why it failed', async () => {
    const results = whenAsked(async () => {
      throw new Error('refused');
    }, atOnce);

    await expect(results.next()).rejects.toThrow('refused');
  });
});
