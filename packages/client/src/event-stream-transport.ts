import { createClient, NetworkError } from 'graphql-sse';
import { TransportError } from './errors.ts';
import { reconnectPause } from './reconnect-pause.ts';
import { readHttpAnswer } from './response.ts';
import type { SubscriptionTransport, TransportOptions } from './subscription-transport.ts';

/**
 * Subscriptions as server-sent events, each over a request of its own (GraphQL over SSE protocol, distinct connections mode). A
 * connection that breaks is opened again; an answer that refuses is final.
 */
export function createEventStreamTransport(options: TransportOptions): SubscriptionTransport {
  const open = new Set<() => void>();
  return {
    subscribe(payload, sink) {
      const { client, refusal } = createSingleUseClient(options);
      const end = (): void => {
        open.delete(end);
        client.dispose();
      };
      open.add(end);
      client.subscribe(payload, {
        next: (result) => sink.next(result),
        complete() {
          end();
          sink.complete();
        },
        error(error) {
          end();
          sink.error(refusal() ?? translate(error));
        },
      });
      return end;
    },
    stop() {
      for (const end of open) end();
      return Promise.resolve();
    },
  };
}

/**
 * graphql-sse tries every failed request again, one that the server understood and refused too, and tells `retry` nothing about the
 * failure. So each subscription has a client of its own, whose `fetchFn` remembers for its `retry` that there is no use.
 */
function createSingleUseClient({ url, token, reconnectAttempts }: TransportOptions): {
  readonly client: { subscribe: ReturnType<typeof createClient>['subscribe']; dispose(): void };
  refusal(): Error | undefined;
} {
  const disposed = new AbortController();
  let refusal: Error | undefined;
  const client = createClient({
    url,
    retryAttempts: reconnectAttempts,
    headers: (): Record<string, string> => {
      const value = token();
      return value === undefined ? {} : { authorization: `Bearer ${value}` };
    },
    fetchFn: async (input: string, init: RequestInit) => {
      const answer = await fetch(input, init);
      if (isEventStream(answer) || answer.status >= 500) return answer;
      refusal = await refusalOf(answer);
      throw refusal;
    },
    async retry(retries) {
      if (refusal !== undefined) throw refusal;
      await reconnectPause(retries, disposed.signal);
    },
  });
  return {
    client: {
      subscribe: client.subscribe,
      dispose() {
        client.dispose();
        disposed.abort();
      },
    },
    refusal: () => refusal,
  };
}

function isEventStream(answer: Response): boolean {
  return answer.ok && answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
}

async function refusalOf(answer: Response): Promise<Error> {
  try {
    await readHttpAnswer(answer);
  } catch (error) {
    return error as Error;
  }
  return new TransportError('the server answered with one result and not with a stream', {
    status: answer.status,
  });
}

function translate(error: unknown): TransportError {
  const message = error instanceof Error ? error.message : 'unknown failure';
  const status = error instanceof NetworkError ? (error as NetworkError).response?.status : undefined;
  return new TransportError(`the event stream failed: ${message}`, {
    cause: error,
    ...(status === undefined ? {} : { status }),
  });
}
