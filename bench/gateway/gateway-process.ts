import { setTimeout as pause } from 'node:timers/promises';
import type { Prepared } from './contenders/contender.ts';
import { freePort, startProcess, type RunningProcess } from '../measurement/processes.ts';

/** A contender that serves. */
export interface RunningGateway {
  readonly port: number;
  readonly process: RunningProcess;
  /** @throws Error when it does not answer with 200. */
  ask(query: string): Promise<string>;
}

const giveUpMs = 60_000;

/**
 * Starts a contender in a fresh process, and waits until it answers a query that needs no subgraph.
 * @param pollMs how long to wait between looks; the time to the first answer is known no better than that.
 * @throws Error with the end of its output when it does not come up.
 */
export async function startGateway(prepared: Prepared, pollMs = 20): Promise<RunningGateway> {
  const port = await freePort();
  const process = startProcess(prepared.command(port));
  let ended = false;
  void process.ended.then(() => (ended = true));
  const ask = (query: string) => post(port, query, prepared.headers ?? {});
  const giveUpAt = Date.now() + giveUpMs;
  for (;;) {
    try {
      await ask('{ __typename }');
      return { port, process, ask };
    } catch (error) {
      if (ended || Date.now() > giveUpAt) {
        await process.stop();
        throw new Error(`the gateway does not serve:\n${process.output()}`, { cause: error });
      }
      await pause(pollMs);
    }
  }
}

async function post(port: number, query: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  const body = await response.text();
  if (response.status !== 200) throw new Error(`answered ${response.status}: ${body.slice(0, 500)}`);
  return body;
}
