import type { SupergraphSource } from './supergraph-source.ts';

const requestTimeoutMs = 10_000;

/**
 * A supergraph at an address, asked for again and again; with an ETag, its text only travels when it is new.
 * @param pollMs how long after one answer it is asked for again.
 */
export function supergraphUrl(url: string, pollMs: number): SupergraphSource {
  let etag: string | undefined;
  /** @returns undefined when it is what it was. */
  const fetchSdl = async (): Promise<string | undefined> => {
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(requestTimeoutMs),
      headers: etag === undefined ? {} : { 'if-none-match': etag },
    });
    if (response.status === 304) return undefined;
    if (!response.ok) throw new Error(`status ${response.status}`);
    const supergraphSdl = await response.text();
    etag = response.headers.get('etag') ?? undefined;
    return supergraphSdl;
  };
  return {
    async load() {
      etag = undefined;
      try {
        const supergraphSdl = await fetchSdl();
        if (supergraphSdl !== undefined) return supergraphSdl;
      } catch (error) {
        throw new Error(`the supergraph at ${url} cannot be fetched (${reasonOf(error)})`, { cause: error });
      }
      throw new Error(`the supergraph at ${url} cannot be fetched (status 304 to a first request)`);
    },
    watch(onChange, onProblem) {
      let stopped = false;
      let timer: NodeJS.Timeout;
      const poll = async (): Promise<void> => {
        try {
          const supergraphSdl = await fetchSdl();
          if (!stopped && supergraphSdl !== undefined) onChange(supergraphSdl);
        } catch (error) {
          if (!stopped) onProblem(`the supergraph at ${url} cannot be fetched (${reasonOf(error)})`);
        }
        if (!stopped) timer = setTimeout(() => void poll(), pollMs);
      };
      timer = setTimeout(() => void poll(), pollMs);
      return {
        async stop() {
          stopped = true;
          clearTimeout(timer);
        },
      };
    },
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
