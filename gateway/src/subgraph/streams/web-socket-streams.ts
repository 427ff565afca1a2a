import type { LeaveSignal } from '../../aborting.ts';
import { isTooDeepJson } from '../../json-depth.ts';
import { remaining, type Deadline } from '../traffic/deadline.ts';
import { createEventQueue, type EventQueue } from './event-queue.ts';
import { readSubgraphResult, tooDeep, type SubgraphResult } from '../subgraph-result.ts';
import { SubrequestFailure } from '../subrequest-failure.ts';
import { openWebSocket, type WebSocketConnection } from './web-socket-connection.ts';

/** A subscription for a subgraph that is spoken with over WebSocket. */
export interface WebSocketStreamRequest {
  /** `ws:` or `wss:`. */
  readonly url: string;
  /** On whose behalf the connection is: subscriptions with equal ones share it. */
  readonly caller: unknown;
  /** The headers of a connection that has to be opened. */
  readonly headers: () => Readonly<Record<string, string>>;
  readonly payload: {
    readonly query: string;
    readonly operationName: string | undefined;
    readonly variables: Readonly<Record<string, unknown>>;
    readonly extensions: Readonly<Record<string, unknown>>;
  };
  /** Gives the stream up. */
  readonly signal: LeaveSignal;
  /** When the subgraph must have accepted the connection. */
  readonly deadline: Deadline;
}

export interface WebSocketStreams {
  /** @throws SubrequestFailure, here or while the stream is read; the signal's reason when it was aborted. */
  open(request: WebSocketStreamRequest): Promise<AsyncGenerator<SubgraphResult, void, void>>;
  /** Cuts every connection. */
  stop(): Promise<void>;
}

/** A connection with the streams on it, and how to give each of them up. */
interface Shared {
  readonly connection: WebSocketConnection;
  readonly streams: Map<EventQueue, () => void>;
}

/**
 * Subscriptions over WebSocket, all of one caller at one address on one connection. A connection is opened for its first subscription and
 * closed after its last; when it is lost, its streams fail, and only a new subscription opens another.
 * @param limits `maxEventBytes` bounds an event, and what waits to be read of a stream; `silenceMs` as in {@link openWebSocket}.
 */
export function createWebSocketStreams(limits: {
  readonly maxEventBytes: number;
  readonly silenceMs: number;
}): WebSocketStreams {
  const { maxEventBytes, silenceMs } = limits;
  const byCaller = new Map<string, Shared>();
  const all = new Set<WebSocketConnection>();

  const connect = (key: string, { url, headers }: WebSocketStreamRequest): Shared => {
    const streams = new Map<EventQueue, () => void>();
    const connection = openWebSocket({
      url,
      headers: headers(),
      maxMessageBytes: maxEventBytes,
      silenceMs,
      onLost(failure) {
        all.delete(connection);
        forget(key, connection);
        for (const [queue, unsubscribe] of streams) {
          queue.fail(failure);
          unsubscribe();
        }
        streams.clear();
      },
    });
    all.add(connection);
    const shared = { connection, streams };
    byCaller.set(key, shared);
    return shared;
  };
  const forget = (key: string, connection: WebSocketConnection): void => {
    if (byCaller.get(key)?.connection === connection) byCaller.delete(key);
  };

  return {
    async open(request) {
      const { payload, signal, deadline, url, caller } = request;
      signal.throwIfAborted();
      const deadlineMs = remaining(deadline);
      const key = JSON.stringify([url, caller]);
      const { connection, streams } = byCaller.get(key) ?? connect(key, request);
      const queue = createEventQueue(maxEventBytes);
      const release = (): void => {
        signal.removeEventListener('abort', leave);
        streams.get(queue)?.();
        if (!streams.delete(queue) || streams.size > 0) return;
        forget(key, connection);
        connection.close();
      };
      const leave = (): void => {
        queue.fail(signal.reason);
        release();
      };
      streams.set(queue, connection.subscribe(payload, sinkOf(queue)));
      signal.addEventListener('abort', leave, { once: true });
      const events = queue.read();
      const first = events.next();
      const timer = setTimeout(() => {
        const reason = `not accepted in ${Math.round(deadlineMs)} ms`;
        queue.fail(new SubrequestFailure(deadline.timeoutCode, reason, { silentMs: deadlineMs }));
      }, deadlineMs);
      try {
        // The subgraph does not say that it took a subscription; that it took the connection has to do.
        await Promise.race([connection.accepted, first]);
      } catch (error) {
        release();
        throw error;
      } finally {
        clearTimeout(timer);
      }
      // A failure that comes before anybody reads is for the reader, not for the process.
      first.catch(() => {});
      return following(first, events, release);
    },
    async stop() {
      await Promise.all([...all].map((connection) => connection.cut()));
    },
  };
}

async function* following(
  first: Promise<IteratorResult<SubgraphResult, void>>,
  events: AsyncGenerator<SubgraphResult, void, void>,
  release: () => void,
): AsyncGenerator<SubgraphResult, void, void> {
  try {
    const result = await first;
    if (result.done === true) return;
    yield result.value;
    yield* events;
  } finally {
    release();
  }
}

function sinkOf(queue: EventQueue): Parameters<WebSocketConnection['subscribe']>[1] {
  return {
    next(result) {
      try {
        if (isTooDeepJson(result)) throw tooDeep();
        queue.push(readSubgraphResult(result));
      } catch (error) {
        queue.fail(error);
      }
    },
    error(error) {
      if (!Array.isArray(error)) return; // the connection was lost, which is told to all of its streams
      // The operation was refused: as over HTTP, a result with errors and no data, and the last one.
      this.next({ errors: error });
      queue.end();
    },
    complete: () => queue.end(),
  };
}
