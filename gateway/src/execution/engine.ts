import { getVariableValues, GraphQLError, type ExecutionResult } from 'graphql';
import type { Logger } from '@trellis/lifecycle';
import { decideOverrides } from '../operation/override-labels.ts';
import { clientResult } from '../operation/client-keys.ts';
import { clientMessage, planVariables } from '../operation/client-variables.ts';
import { isTooDeepJson } from '../json-depth.ts';
import type { SubgraphClient } from '../subgraph/subgraph-client.ts';
import { createAborting, type LeaveSignal } from '../aborting.ts';
import { answerCompiled, type Answer } from './compiled/answer-compiled.ts';
import { createCompiler } from './compiled/compile-operation.ts';
import { executeNode } from './execute-node.ts';
import { executeInParts, type AnswerInParts, type WholeAnswer } from './incremental/execute-in-parts.ts';
import type { OperationRequest } from './operation-request.ts';
import { FailedFields } from './failed-fields.ts';
import type { PlanRun } from './plan-run.ts';
import { shapeResponse } from './shape-response.ts';
import type { PresentResult } from './present-result.ts';
import type { ResultStream, StreamedAnswer } from './result-stream.ts';
import { subscribeToPlan } from './subscribe.ts';

/** Executes operations across subgraphs; it knows no transport. */
export interface Engine {
  /** Answers a query or a mutation. @throws the context's abort reason when the client leaves a query. */
  execute(request: OperationRequest): Promise<ExecutionResult>;
  /** Like `execute`, by the compiled operation and straight to text where that is possible. */
  answer(request: OperationRequest): Promise<Answer>;
  /** Like `execute`; what the operation defers comes later. One result when it defers nothing. */
  executeInParts(request: OperationRequest): Promise<AnswerInParts | WholeAnswer>;
  /** Answers a subscription: a stream of results, or one result when it cannot begin. */
  subscribe(request: OperationRequest): Promise<StreamedAnswer>;
  /**
   * Ends every open stream with an error that tells clients to subscribe again, and gives up those that are being opened. Readers that do not
   * take it are not waited for.
   */
  stop(): Promise<void>;
}

/** How long the readers of open streams have to take the error that ends them. */
const farewellMs = 500;

export interface EngineOptions {
  /** Leaves out of errors what of the schema comes close to a misspelt name. False when absent. */
  readonly hideSuggestions?: boolean;
  /** How long an operation may take; of a subscription, each event. 30,000 ms when absent. */
  readonly requestDeadlineMs?: number;
  /** Fetches for one subgraph that can be made together travel as one request. True when absent. */
  readonly mergeFetches?: boolean;
  /** Labels of progressive overrides that are on for everybody, besides percentages. None when absent. */
  readonly overrideLabels?: readonly string[];
}

/** @param present is applied to results of streams; those of `execute` are presented by the server in front. */
export function createEngine(
  client: SubgraphClient,
  logger: Logger,
  present: PresentResult,
  options: EngineOptions = {},
): Engine {
  const { hideSuggestions = false, requestDeadlineMs = 30_000, mergeFetches = true } = options;
  const startRun = runStarter(client, requestDeadlineMs, new Set(options.overrideLabels));
  const coerceVariables = (request: OperationRequest): CoercedVariables => coerce(request, hideSuggestions);
  const compileOperation = createCompiler(mergeFetches, logger);
  const streams = new Set<ResultStream>();
  const stopping = createAborting();
  return {
    async execute(request) {
      const coerced = coerceVariables(request);
      if (coerced.kind === 'errors') return { errors: coerced.errors };
      const { plan, operation } = request.planned;
      const { signal } = request.context;
      // A mutation that its client no longer waits for goes on: cut off half way it would leave its steps half done.
      const run = startRun(request, coerced.values, operation.operation === 'mutation' ? never : signal);
      if (plan.node?.kind === 'Subscription')
        throw new Error('a subscription is not executed but subscribed to');
      if (plan.node !== undefined) {
        await executeNode(run, plan.node, [{ object: run.data, path: [] }]);
      }
      return clientResult(request.planned.clientKeys, shapeResponse(run, request.planned));
    },
    // Not an async function, which would be one more promise for each request.
    answer(request) {
      const { generation, planned, context } = request;
      const coerced = coerceVariables(request);
      if (coerced.kind === 'errors') return Promise.resolve({ kind: 'refused' });
      const compiled = compileOperation(generation, planned);
      if (compiled === undefined) return this.execute(request).then((result) => ({ kind: 'result', result }));
      const signal = planned.operation.operation === 'mutation' ? never : context.signal;
      return answerCompiled(compiled, startRun(request, coerced.values, signal), planned);
    },
    async executeInParts(request) {
      const { planned, context } = request;
      const coerced = coerceVariables(request);
      if (coerced.kind === 'errors') return { kind: 'whole', result: { errors: coerced.errors } };
      const deferring = planned.deferred?.planFor(coerced.values);
      if (deferring === undefined) return { kind: 'whole', result: await this.execute(request) };
      // Why not, the planner says in words of the operation, which are the client's own.
      if (!deferring.isDeferring)
        logger.debug(
          { correlationId: context.correlationId, operationName: planned.operation.name?.value },
          'the planner cannot defer these fragments: everything is fetched before the first part',
        );
      const signal = planned.operation.operation === 'mutation' ? never : context.signal;
      const run = startRun(request, coerced.values, signal);
      return executeInParts(deferring, planned.clientKeys, run, context.signal);
    },
    async subscribe(request) {
      const coerced = coerceVariables(request);
      if (coerced.kind === 'errors')
        return { kind: 'result', result: present({ errors: coerced.errors }, request.context) };
      const startEvent = (signal: LeaveSignal): PlanRun => startRun(request, coerced.values, signal);
      const answer = await subscribeToPlan(client, request, logger, present, startEvent, stopping.signal);
      if (answer.kind === 'result') return answer;
      const { stream } = answer;
      streams.add(stream);
      void stream.ended.then(() => streams.delete(stream));
      // It had just been opened while the others were ended.
      if (stopping.signal.aborted) void stream.end('GATEWAY_STOPPING');
      return answer;
    },
    async stop() {
      stopping.abort();
      const ended = Promise.all([...streams].map((stream) => stream.end('GATEWAY_STOPPING')));
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise((resolve) => (timer = setTimeout(resolve, farewellMs)));
      await Promise.race([ended, enough]);
      clearTimeout(timer);
    },
  };
}

const never = createAborting().signal;

type StartRun = (
  request: OperationRequest,
  coercedVariables: Readonly<Record<string, unknown>>,
  signal: LeaveSignal,
) => PlanRun;

function runStarter(client: SubgraphClient, deadlineMs: number, overrides: ReadonlySet<string>): StartRun {
  return ({ generation, planned, context, variables }, coercedVariables, signal) => ({
    generation,
    plan: planned.plan,
    client,
    context,
    signal,
    deadlineAt: performance.now() + deadlineMs,
    variables: planVariables(planned.clientVariables, variables),
    // A plan that depends on none is what nearly all are: nothing is copied for it.
    coercedVariables:
      generation.repairs.overrideLabels.size === 0
        ? coercedVariables
        : { ...coercedVariables, ...decideOverrides(generation.repairs.overrideLabels.keys(), overrides) },
    data: {},
    errors: [],
    failures: new FailedFields(),
  });
}

type CoercedVariables =
  | { readonly kind: 'values'; readonly values: Readonly<Record<string, unknown>> }
  | { readonly kind: 'errors'; readonly errors: readonly GraphQLError[] };

function coerce(
  { generation, planned, variables }: OperationRequest,
  hideSuggestions: boolean,
): CoercedVariables {
  const deep = Object.keys(variables).find((name) => isTooDeepJson(variables[name]));
  if (deep !== undefined)
    return { kind: 'errors', errors: [badInput(`Variable "$${deep}" is nested too deeply.`)] };
  if ((planned.operation.variableDefinitions?.length ?? 0) === 0) return { kind: 'values', values: {} };
  const result = getVariableValues(
    generation.apiSchema,
    planned.operation.variableDefinitions ?? [],
    planVariables(planned.clientVariables, variables),
    // Without a bound, a list of half a million wrong elements makes half a million errors, and holds up everybody meanwhile.
    { maxErrors: 25, hideSuggestions },
  );
  if (result.coerced !== undefined) return { kind: 'values', values: result.coerced };
  return {
    kind: 'errors',
    errors: result.errors.map((error) =>
      badInput(clientMessage(planned.clientVariables, error.message), error.nodes),
    ),
  };
}

function badInput(message: string, nodes?: GraphQLError['nodes']): GraphQLError {
  return new GraphQLError(shortened(message), {
    nodes: nodes ?? null,
    extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } },
  });
}

/** graphql-js repeats the value, which may be as large as a request. */
function shortened(message: string): string {
  return message.length > 500 ? `${message.slice(0, 500)}…` : message;
}
