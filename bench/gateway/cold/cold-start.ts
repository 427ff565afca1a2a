import { compareAnswers } from '../answers.ts';
import type { Prepared } from '../contenders/contender.ts';
import type { Operation } from '../data-set.ts';
import { startGateway, type RunningGateway } from '../gateway-process.ts';
import { median } from '../../measurement/statistics.ts';

/** What a fresh process needs, in milliseconds; medians over several processes. */
export interface ColdStart {
  /** From the start of the process to its first answer, which needs no subgraph. */
  readonly readyMs: number;
  /** The first operation after that. */
  readonly firstMs: number;
  /** The first operation once more, when the process is warm. */
  readonly knownMs: number;
  /** Operations that it has not seen, when it is warm: what they take longer is parsing, validation and planning. */
  readonly newMs?: number;
}

/** How often the first operation is asked again before the process counts as warm, and how often after that. */
const repeats = 10;
const pollMs = 5;

/**
 * @param operations the first is the first to be asked; the others are new to the process when they are asked.
 * @param processes how many fresh processes are measured. One more comes before, from which the subgraphs' answers are recorded.
 * @throws Error when an answer is wrong.
 */
export async function measureColdStart(
  prepared: Prepared,
  operations: readonly Operation[],
  references: ReadonlyMap<string, string>,
  processes: number,
): Promise<ColdStart> {
  await startOnce(prepared, operations, references);
  const starts: ColdStart[] = [];
  for (let index = 0; index < processes; index += 1) {
    starts.push(await startOnce(prepared, operations, references));
  }
  return {
    readyMs: median(starts.map(({ readyMs }) => readyMs)),
    firstMs: median(starts.map(({ firstMs }) => firstMs)),
    knownMs: median(starts.map(({ knownMs }) => knownMs)),
    ...(operations.length > 1 && { newMs: median(starts.map(({ newMs }) => newMs!)) }),
  };
}

async function startOnce(
  prepared: Prepared,
  [first, ...others]: readonly Operation[],
  references: ReadonlyMap<string, string>,
): Promise<ColdStart> {
  if (first === undefined) throw new Error('there is nothing to ask');
  const startedAt = performance.now();
  const gateway = await startGateway(prepared, pollMs);
  const readyMs = performance.now() - startedAt;
  const ask = (operation: Operation) => timed(gateway, operation, references.get(operation.name)!);
  try {
    const firstMs = await ask(first);
    for (let index = 0; index < repeats; index += 1) await ask(first);
    const known: number[] = [];
    const unseen: number[] = [];
    // In turns, because the process gets faster all the time.
    for (let index = 0; index < Math.max(others.length, repeats); index += 1) {
      known.push(await ask(first));
      const other = others[index];
      if (other !== undefined) unseen.push(await ask(other));
    }
    return { readyMs, firstMs, knownMs: median(known), ...(unseen.length > 0 && { newMs: median(unseen) }) };
  } finally {
    await gateway.process.stop();
  }
}

async function timed(gateway: RunningGateway, operation: Operation, reference: string): Promise<number> {
  const startedAt = performance.now();
  const answer = await gateway.ask(operation.query);
  const ms = performance.now() - startedAt;
  if (compareAnswers(answer, reference) === 'different') {
    throw new Error(`its answer to "${operation.name}" is wrong: ${answer.slice(0, 300)}`);
  }
  return ms;
}
