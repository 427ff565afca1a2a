import { forkPart, nextMessage } from '../../measurement/processes.ts';

/** What the load generator is told. */
export interface Load {
  readonly port: number;
  /** The request's body. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The answer that was found to be right; every answer under load is compared with it. */
  readonly expected: string;
  readonly connections: number;
  /** Load before anything is counted, so that code is compiled, pools are full, and subgraph requests known. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** The gateway, whose cost is read when the counting begins and when it ends. */
  readonly gatewayPid: number;
}

/** What one gateway did under load. */
export interface LoadResult {
  readonly answers: number;
  readonly seconds: number;
  /** From the request's last byte written to the answer's last byte read, in milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMs: number;
  readonly residentBytes: number;
  /** Answers that were not as expected, and connections that broke. */
  readonly failures: number;
  /** The first of them. */
  readonly failure: string | undefined;
  /** Of all answers, those before the counting included. */
  readonly answersInAll: number;
}

export type FromLoad = { readonly kind: 'counting' } | { readonly kind: 'done'; readonly result: LoadResult };

/**
 * Puts a gateway under load from a process of its own.
 * @param onCounting called when the warm-up is over.
 */
export async function runLoad(load: Load, onCounting: () => Promise<void>): Promise<LoadResult> {
  const child = forkPart(new URL('load-generator.ts', import.meta.url));
  try {
    const counting = nextMessage(child);
    child.send(load);
    await counting;
    const done = nextMessage(child);
    await onCounting();
    return ((await done) as FromLoad & { kind: 'done' }).result;
  } finally {
    if (child.connected) child.disconnect();
  }
}
