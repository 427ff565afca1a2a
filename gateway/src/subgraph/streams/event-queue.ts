import type { SubgraphResult } from '../subgraph-result.ts';
import { SubrequestFailure } from '../subrequest-failure.ts';

/** Events of a stream that shares its connection with others, and so cannot make its sender wait. */
export interface EventQueue {
  push(event: SubgraphResult): void;
  /** What was pushed before is still read. */
  end(): void;
  /** What waits is dropped; the reader is thrown this. */
  fail(reason: unknown): void;
  /** The events, one at a time as they are asked for; for one reader. */
  read(): AsyncGenerator<SubgraphResult, void, void>;
}

/** @param maxBytes a reader that lets more than this wait is failed: the queue of one who never reads would grow without end. */
export function createEventQueue(maxBytes: number): EventQueue {
  const waiting: { readonly event: SubgraphResult; readonly bytes: number }[] = [];
  let waitingBytes = 0;
  let outcome: { readonly failure?: unknown } | undefined;
  let wake = (): void => {};
  const finish = (how: { readonly failure?: unknown }): void => {
    outcome ??= how;
    wake();
  };
  const fail = (failure: unknown): void => {
    if (outcome !== undefined) return;
    waiting.length = 0;
    finish({ failure });
  };
  return {
    push(event) {
      if (outcome !== undefined) return;
      // A reader that keeps up takes each event before the next comes, and pays for no measuring.
      const bytes = waiting.length === 0 ? 0 : JSON.stringify(event.data ?? null).length;
      waitingBytes += bytes;
      if (waitingBytes > maxBytes) {
        const reason = `more than ${maxBytes} bytes of events wait to be read`;
        return fail(new SubrequestFailure('SUBREQUEST_RESPONSE_TOO_LARGE', reason));
      }
      waiting.push({ event, bytes });
      wake();
    },
    end: () => finish({}),
    fail,
    async *read() {
      for (;;) {
        const next = waiting.shift();
        if (next !== undefined) {
          waitingBytes -= next.bytes;
          yield next.event;
        } else if (outcome === undefined) await new Promise<void>((resolve) => (wake = resolve));
        else if ('failure' in outcome) throw outcome.failure;
        else return;
      }
    },
  };
}
