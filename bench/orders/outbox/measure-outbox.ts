import type { Mode } from '../command-line.ts';
import type { LoadResult } from '../load/load.ts';
import { startOutbox } from './start-outbox.ts';

export interface OutboxFigures {
  /** From a commit until the consumer has taken the event, and remembers it. One event at a time. */
  readonly commitToConsumer: LoadResult;
  /** Events a second from a full outbox to a consumer that does nothing. */
  readonly drainPerSecond: number;
  /** The same to a consumer that takes each event in a transaction of its own, as those of the services do. */
  readonly drainWithInboxPerSecond: number;
}

/** How many events wait in the outbox that is drained. */
const waiting = 20_000;
const waitingForInbox = 5_000;

export async function measureOutbox(mode: Mode, seconds: number): Promise<OutboxFigures> {
  const commitToConsumer = await withOutbox(mode, true, async (outbox) => {
    await outbox.call('startRelay', undefined);
    await outbox.call('latency', { seconds: 1, pauseMs: 5 });
    return outbox.call('latency', { seconds, pauseMs: 5 });
  });
  return {
    commitToConsumer,
    drainPerSecond: await drain(mode, false, waiting),
    drainWithInboxPerSecond: await drain(mode, true, waitingForInbox),
  };
}

async function drain(mode: Mode, inbox: boolean, events: number): Promise<number> {
  return withOutbox(mode, inbox, async (outbox) => {
    await outbox.call('fill', { events });
    return (await outbox.call('drain', { events })).perSecond;
  });
}

async function withOutbox<T>(
  mode: Mode,
  inbox: boolean,
  measure: (part: Awaited<ReturnType<typeof startOutbox>>['part']) => Promise<T>,
): Promise<T> {
  const outbox = await startOutbox(mode, inbox);
  try {
    return await measure(outbox.part);
  } finally {
    await outbox.remove();
  }
}
