import type { GraphQLBody } from './start-library.ts';

/** A client of Apollo's multipart subscription protocol, with nothing but `fetch`. */
export interface MultipartClient {
  iterate(params: { query: string; variables?: Record<string, unknown> }): AsyncIterableIterator<GraphQLBody>;
  /** Breaks every connection off. */
  dispose(): void;
}

export function createMultipartClient(options: {
  readonly url: string;
  readonly headers: Record<string, string>;
}): MultipartClient {
  const leaving = new AbortController();
  return {
    iterate(params) {
      const controller = new AbortController();
      const signal = AbortSignal.any([controller.signal, leaving.signal]);
      const results = resultsOf(options, params, signal);
      return Object.assign(results, {
        // A generator's own `return` waits for the pending `next`, which may be for ever.
        return: async () => {
          controller.abort();
          return { done: true as const, value: undefined };
        },
      });
    },
    dispose: () => leaving.abort(),
  };
}

/** What the parts of a response hold, in order. */
export async function* partsOf(
  body: ReadableStream<Uint8Array>,
  boundary: string,
): AsyncGenerator<Record<string, unknown>> {
  const delimiter = `\r\n--${boundary}`;
  const decoder = new TextDecoder();
  let text = '';
  let begun = false;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf(delimiter); end >= 0; end = text.indexOf(delimiter)) {
      const part = text.slice(0, end);
      text = text.slice(end + delimiter.length);
      if (begun) yield JSON.parse(part.slice(part.indexOf('\r\n\r\n'))) as Record<string, unknown>;
      begun = true;
    }
  }
  if (!text.startsWith('--')) throw new Error('the last part is missing');
}

async function* resultsOf(
  { url, headers }: { readonly url: string; readonly headers: Record<string, string> },
  params: object,
  signal: AbortSignal,
): AsyncGenerator<GraphQLBody, void> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json;q=0.9',
        ...headers,
      },
      body: JSON.stringify(params),
      signal,
    });
    if (!response.headers.get('content-type')?.startsWith('multipart/')) {
      yield (await response.json()) as GraphQLBody;
      return;
    }
    for await (const part of partsOf(response.body!, 'graphql')) {
      if ('payload' in part)
        yield part['payload'] === null ? { errors: part['errors'] as [] } : (part['payload'] as GraphQLBody);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
