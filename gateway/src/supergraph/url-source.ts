import { poll } from './poll.ts';
import { shownUrl } from './shown-url.ts';
import type { StandaloneSource } from './supergraph-source.ts';

const requestTimeoutMs = 10_000;

/** No supergraph is as large; what sends more is something else. */
const maxBytes = 64 * 1024 * 1024;

/**
 * A supergraph at an address, asked for again and again; with an ETag, its text only travels when it is new.
 * @param address may hold a user and a password, which are sent as basic authentication (RFC 7617). No error repeats them.
 * @param pollMs how long after one answer it is asked for again.
 */
export function supergraphUrl(address: string, pollMs: number): StandaloneSource {
  const shown = shownUrl(address);
  const { url, headers } = requestTo(address);
  /** @param known the ETag of what the asker has. @returns undefined when that is still it. */
  const fetchSdl = async (known?: string): Promise<Fetched | undefined> => {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(requestTimeoutMs),
      headers: known === undefined ? headers : { ...headers, 'if-none-match': known },
    });
    if (response.status === 304) return undefined;
    if (response.status >= 300 && response.status < 400)
      throw new Error('it redirects: name the address that it leads to');
    if (!response.ok) throw new Error(`status ${response.status}`);
    return {
      supergraphSdl: await readText(response),
      etag: response.headers.get('etag') ?? undefined,
    };
  };
  const problemOf = (error: unknown): string =>
    `the supergraph at ${shown} cannot be fetched (${reasonOf(error)})`;
  return {
    async load() {
      try {
        const fetched = await fetchSdl();
        if (fetched !== undefined) return fetched.supergraphSdl;
      } catch (error) {
        throw new Error(problemOf(error), { cause: error });
      }
      throw new Error(problemOf(new Error('status 304 to a first request')));
    },
    watch(...listeners) {
      // Not that of the load: gateways may share the source, and another one may have loaded something newer.
      let etag: string | undefined;
      const ask = async (): Promise<string | undefined> => {
        try {
          const fetched = await fetchSdl(etag);
          if (fetched !== undefined) etag = fetched.etag;
          return fetched?.supergraphSdl;
        } catch (error) {
          throw new Error(problemOf(error), { cause: error });
        }
      };
      return poll(pollMs, ask, ...listeners);
    },
  };
}

interface Fetched {
  readonly supergraphSdl: string;
  readonly etag: string | undefined;
}

async function readText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) throw new Error('it is larger than 64 MiB');
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** `fetch` takes no URL with credentials. */
function requestTo(address: string): { url: URL; headers: Record<string, string> } {
  const url = new URL(address);
  if (url.username === '' && url.password === '') return { url, headers: {} };
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = url.password = '';
  return { url, headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
