import { forkPart, nextMessage } from '../../measurement/processes.ts';

export type ToReplay =
  | { readonly kind: 'upstreams'; readonly urls: Readonly<Record<string, string>> }
  | { readonly kind: 'count' };

export type FromReplay =
  { readonly kind: 'listening'; readonly port: number } | ({ readonly kind: 'counts' } & ReplayCounts);

export interface ReplayCounts {
  /** Requests that gateways have made so far. */
  readonly requests: number;
  /** How many of them had not been seen before, and went to a real subgraph. */
  readonly unknown: number;
  /** Answers in memory. */
  readonly recorded: number;
}

/** The process that plays the subgraphs. */
export interface Replay {
  /** Where it plays the subgraph of that name. */
  urlOf(subgraph: string): string;
  /** Says where the real subgraphs are, by name. What was recorded before stays. */
  setUpstreams(urls: Readonly<Record<string, string>>): Promise<void>;
  count(): Promise<ReplayCounts>;
  stop(): Promise<void>;
}

export async function startReplay(): Promise<Replay> {
  const child = forkPart(new URL('replay-server.ts', import.meta.url));
  const listening = (await nextMessage(child)) as FromReplay & { kind: 'listening' };
  const ask = async (message: ToReplay): Promise<ReplayCounts> => {
    child.send(message);
    return (await nextMessage(child)) as FromReplay & { kind: 'counts' };
  };
  return {
    urlOf: (subgraph) => `http://127.0.0.1:${listening.port}/${subgraph}`,
    setUpstreams: async (urls) => {
      await ask({ kind: 'upstreams', urls });
    },
    count: () => ask({ kind: 'count' }),
    stop: async () => {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await exited;
    },
  };
}
