/** A subscription that a test reads (graphql-sse, distinct connections mode). */
export interface Stream<T> {
  /** The next result. @throws when the stream ends instead. */
  next(): Promise<T>;
  /** Reads to the end. */
  rest(): Promise<T[]>;
  /** Goes away, as a client does that closes its window. */
  leave(): void;
}

/** Subscribes. @throws when the answer is not a stream. */
export async function openStream<T>(
  url: string,
  headers: Record<string, string>,
  body: unknown,
): Promise<Stream<T>> {
  const left = new AbortController();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(body),
    signal: left.signal,
  });
  if (response.status !== 200 || response.body === null)
    throw new Error(`no stream: HTTP ${response.status}`);
  const results = readResults<T>(response.body);
  return {
    async next() {
      const { value, done } = await results.next();
      if (done === true) throw new Error('the stream has ended');
      return value;
    },
    async rest() {
      const all: T[] = [];
      for await (const result of results) all.push(result);
      return all;
    },
    leave: () => left.abort(),
  };
}

async function* readResults<T>(body: ReadableStream<Uint8Array>): AsyncGenerator<T, undefined> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith('event: complete')) return undefined;
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) yield JSON.parse(data) as T;
    }
  }
  return undefined;
}
