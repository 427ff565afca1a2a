import { GraphQLRequestError, TransportError } from './errors.ts';
import type { OperationPayload } from './operation.ts';
import { readHttpAnswer } from './response.ts';

/** Sends queries and mutations. */
export interface HttpRequests {
  /**
   * Returns the data of the answer.
   * @throws GraphQLRequestError | TransportError
   */
  send(payload: OperationPayload): Promise<unknown>;
  /** Gives up the requests in hand. */
  stop(): void;
}

/** Requests as JSON over HTTP (GraphQL over HTTP), each with a deadline. */
export function createHttpRequests(options: {
  readonly url: string;
  readonly token: () => string | undefined;
  readonly timeoutMs: number;
}): HttpRequests {
  const inHand = new Set<AbortController>();
  return {
    async send(payload) {
      const abort = new AbortController();
      const body = JSON.stringify(payload);
      const timeout = setTimeout(() => {
        abort.abort(new TransportError(`no answer in ${options.timeoutMs} ms`));
      }, options.timeoutMs);
      inHand.add(abort);
      try {
        const answer = await fetch(options.url, {
          method: 'POST',
          headers: headersWith(options.token()),
          body,
          signal: abort.signal,
        });
        return await readHttpAnswer(answer);
      } catch (error) {
        throw translate(error, options.url);
      } finally {
        clearTimeout(timeout);
        inHand.delete(abort);
      }
    },
    stop() {
      for (const abort of inHand) abort.abort(new TransportError('the client was stopped'));
    },
  };
}

function headersWith(token: string | undefined): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json;q=0.9',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
}

/** `fetch` says only "fetch failed"; what failed stands in the cause. */
function translate(error: unknown, url: string): unknown {
  if (error instanceof GraphQLRequestError || error instanceof TransportError) return error;
  const { cause = error } = error as { readonly cause?: unknown };
  const { code, message } = cause as { readonly code?: unknown; readonly message?: unknown };
  return new TransportError(`no answer from ${url}: ${String(code ?? message)}`, { cause: error });
}
