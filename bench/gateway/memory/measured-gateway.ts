import { forkPart, nextMessage } from '../../measurement/processes.ts';
import type { MemoryInUse } from './memory-in-use.ts';
import type { FromServer, ToServer } from './messages.ts';

/** A gateway in a process of its own, asked one thing at a time. */
export interface MeasuredGateway {
  readonly url: string;
  swap(swap: number): Promise<void>;
  measure(): Promise<MemoryInUse>;
  stop(): void;
}

/** @throws Error when it does not come up. */
export async function startMeasuredGateway(
  supergraphSdl: string,
  options: Extract<ToServer, { kind: 'start' }>['options'],
): Promise<MeasuredGateway> {
  const server = forkPart(new URL('gateway-server.ts', import.meta.url));
  const ask = async <K extends FromServer['kind']>(message: ToServer, kind: K) => {
    const answer = nextMessage(server);
    server.send(message);
    const given = (await answer) as FromServer;
    if (given.kind !== kind) throw new Error(`the gateway answered ${given.kind}`);
    return given as Extract<FromServer, { kind: K }>;
  };
  const { url } = await ask({ kind: 'start', supergraphSdl, options }, 'serves');
  return {
    url,
    async swap(swap) {
      await ask({ kind: 'swap', swap }, 'swapped');
    },
    measure: () => ask({ kind: 'measure' }, 'measured'),
    stop: () => server.disconnect(),
  };
}
