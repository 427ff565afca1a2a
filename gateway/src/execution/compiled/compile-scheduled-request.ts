import type { ResponsePath } from '@apollo/query-planner';
import { SubrequestFailure } from '../../subgraph/subrequest-failure.ts';
import type { ReadResult } from '../../subgraph/read-reply.ts';
import type { Generation } from '../../supergraph/generation.ts';
import type { JsonObject } from '../../json.ts';
import { mergeOperations } from '../schedule/merge-operations.ts';
import type { FetchCondition } from '../schedule/plan-fetches.ts';
import type { ScheduledRequest } from '../schedule/schedule-plan.ts';
import {
  compileEntityFetch,
  compileRootFetch,
  targetsOf,
  type Asked,
  type CompiledFetch,
} from './compile-fetch.ts';
import { compileRequest, type MakeRequest } from './compile-request.ts';
import type { CompiledRun, Step } from './compiled-run.ts';
import { splitResult } from './split-result.ts';

/** Compiles a request of a schedule, with one fetch or several. @param shares see `mayShare`. */
export function compileScheduledRequest(
  generation: Generation,
  { fetches, conditions }: ScheduledRequest,
  shares: boolean,
): Step {
  const lone = fetches.map((fetch): LoneFetch => {
    const { node, paths } = fetch;
    return {
      paths,
      samePathsAs: fetches.findIndex((other) => JSON.stringify(other.paths) === JSON.stringify(paths)),
      ask:
        node.requires === undefined
          ? compileRootFetch(node, paths)
          : compileEntityFetch(generation, fetch, shares),
      request: compileRequest(generation, node, node.requires === undefined ? [] : ['representations']),
    };
  });
  const [first, ...more] = lone;
  const send = more.length === 0 ? sendOne(first!) : sendSeveral(generation, fetches, lone);
  if (conditions.length === 0) return send;
  return async (run) => {
    if (conditions.every((condition) => holds(run, condition))) await send(run);
  };
}

/** A fetch with the request that it is when it travels alone. */
interface LoneFetch {
  readonly paths: readonly ResponsePath[];
  /** The first fetch of the request that has the same targets, by its index. */
  readonly samePathsAs: number;
  readonly ask: CompiledFetch;
  readonly request: MakeRequest;
}

function holds({ coercedVariables }: CompiledRun, { variable, value }: FetchCondition): boolean {
  return (coercedVariables[variable] === true) === value;
}

function sendOne({ paths, ask, request }: LoneFetch): Step {
  return (run) => {
    const asked = ask(run, targetsOf(run, paths));
    return asked === undefined ? nothingAsked : answerAlone(run, asked, request);
  };
}

const nothingAsked = Promise.resolve();

function answerAlone(run: CompiledRun, asked: Asked, request: MakeRequest): Promise<void> {
  return run.client.post(request(run, [asked.representations])).then(
    (result) => {
      note(run, result);
      asked.merge(result);
    },
    (error: unknown) => asked.fail(failureOf(run, error)),
  );
}

function sendSeveral(
  generation: Generation,
  fetches: ScheduledRequest['fetches'],
  lone: readonly LoneFetch[],
): Step {
  const [{ node }] = fetches as [ScheduledRequest['fetches'][number]];
  const { parts, ...merged } = mergeOperations(fetches.map((fetch) => fetch.node));
  const variables = parts.map((part) => (part.kind === 'entities' ? part.variable : undefined));
  const { serviceName, operationKind } = node;
  const request = compileRequest(generation, { ...merged, serviceName, operationKind }, variables);
  return async (run) => {
    const targets: (readonly JsonObject[])[] = [];
    const asked = lone.map(({ paths, samePathsAs, ask }, index) => {
      targets[index] = targets[samePathsAs] ?? targetsOf(run, paths);
      return ask(run, targets[index]);
    });
    const asking = asked.flatMap((one, index) => (one === undefined ? [] : [{ one, index }]));
    if (asking.length === 0) return;
    // When only one of them has something to ask, it is made as the plan says.
    if (asking.length === 1) return answerAlone(run, asking[0]!.one, lone[asking[0]!.index]!.request);
    const representations = asked.map((one) => one?.representations);
    let result: ReadResult;
    try {
      result = await run.client.post(request(run, representations));
    } catch (error) {
      const failure = failureOf(run, error);
      for (const { one } of asking) one.fail(failure);
      return;
    }
    note(run, result);
    const answers = splitResult(
      result,
      parts,
      asking.map(({ index }) => index),
    );
    const again: Promise<void>[] = [];
    for (const { one, index } of asking) {
      const answer = answers.get(index)!;
      if (answer.kind === 'result') one.merge(answer.result);
      else again.push(answerAlone(run, one, lone[index]!.request));
    }
    if (again.length > 0) await Promise.all(again);
  };
}

/** Notes how the answer of a subgraph was written; see `CompiledRun`. */
function note(run: CompiledRun, { escaped, ascii }: ReadResult): void {
  if (escaped) run.plain = false;
  if (!ascii) run.ascii = false;
}

/** @throws what is no subgraph's failure: that the client has left, or a fault of the gateway's. */
function failureOf({ signal }: CompiledRun, error: unknown): SubrequestFailure {
  signal.throwIfAborted();
  if (error instanceof SubrequestFailure) return error;
  throw error;
}
