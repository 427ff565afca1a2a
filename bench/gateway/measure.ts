import { checkReference, compareAnswers } from './answers.ts';
import type { Prepared } from './contenders/contender.ts';
import type { Operation } from './data-set.ts';
import { startGateway } from './gateway-process.ts';
import { runLoad } from './load/load.ts';
import type { Replay } from './replay/replay.ts';

/** What a contender did with a query in one round. */
export interface Sample {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the gateway's process and its children, user and system. */
  readonly cpuMsPerRequest: number;
  readonly residentMb: number;
  /** Requests to subgraphs for each answer. */
  readonly subgraphRequests: number;
  /** Whether its answer is the reference byte for byte; it is equal as JSON in any case. */
  readonly sameBytes: boolean;
}

export interface Conditions {
  readonly connections: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

/**
 * Puts a fresh process of a contender under load with one query.
 * @param reference what the answer must be equal to.
 * @throws Error when an answer is wrong, a connection breaks, or a subgraph request was not known from the warm-up.
 */
export async function measure(
  prepared: Prepared,
  operation: Operation,
  reference: string,
  replay: Replay,
  conditions: Conditions,
): Promise<Sample> {
  const gateway = await startGateway(prepared);
  try {
    const expected = await gateway.ask(operation.query);
    const likeness = compareAnswers(expected, reference);
    if (likeness === 'different') throw new Error(`its answer is wrong: ${difference(expected, reference)}`);
    const before = await replay.count();
    let counting = before;
    const load = {
      ...conditions,
      port: gateway.port,
      gatewayPid: gateway.process.pid,
      body: JSON.stringify({ query: operation.query }),
      headers: prepared.headers ?? {},
      expected,
    };
    const result = await runLoad(load, async () => {
      counting = await replay.count();
    });
    const after = await replay.count();
    if (result.failures > 0) {
      throw new Error(`${result.failures} requests failed, the first with: ${result.failure ?? ''}`);
    }
    if (result.answers === 0) throw new Error('it answered nothing while it was measured');
    if (after.unknown > counting.unknown) {
      throw new Error(
        `${after.unknown - counting.unknown} subgraph requests were not known from the warm-up`,
      );
    }
    return {
      requestsPerSecond: result.answers / result.seconds,
      p50Ms: result.p50Ms,
      p99Ms: result.p99Ms,
      cpuMsPerRequest: result.cpuMs / result.answers,
      residentMb: result.residentBytes / 1024 ** 2,
      subgraphRequests: (after.requests - before.requests) / result.answersInAll,
      sameBytes: likeness === 'same bytes',
    };
  } finally {
    await gateway.process.stop();
  }
}

/** Answers of the stock gateway, which the others are held to. */
export async function referenceAnswers(
  stock: Prepared,
  operations: readonly Operation[],
): Promise<ReadonlyMap<string, string>> {
  const gateway = await startGateway(stock);
  try {
    const answers = new Map<string, string>();
    for (const { name, query } of operations) {
      const answer = await gateway.ask(query);
      checkReference(answer, name);
      answers.set(name, answer);
    }
    return answers;
  } finally {
    await gateway.process.stop();
  }
}

function difference(answer: string, reference: string): string {
  let at = 0;
  while (at < answer.length && answer[at] === reference[at]) at += 1;
  const from = Math.max(0, at - 60);
  return `…${answer.slice(from, at + 60)}… where the reference has …${reference.slice(from, at + 60)}…`;
}
