import { Kind, parse, type FormattedExecutionResult, type OperationDefinitionNode } from 'graphql';
import { createLogger } from '@trellis/lifecycle';
import { createAborting } from '../aborting.ts';
import { readBytes } from '../execution/compiled/json-bytes.ts';
import { createEngine } from '../execution/engine.ts';
import type { OperationRequest } from '../execution/operation-request.ts';
import { planOperation } from '../operation/plan-operation.ts';
import { createPresentResult, formatError } from '../security/present-errors.ts';
import type { SubgraphClient } from '../subgraph/subgraph-client.ts';
import { SubrequestFailure } from '../subgraph/subrequest-failure.ts';
import { readReply } from '../subgraph/read-reply.ts';
import type { Generation } from '../supergraph/generation.ts';
import { clientOver } from './client-over.ts';

/** What a subgraph answers to a request's body; undefined when it is down. */
export type AnswerRequest = (subgraph: string, body: string) => object | undefined;

/** What one way of executing an operation came to. */
export interface WayOfAnswering {
  readonly body: FormattedExecutionResult;
  /** The body as text, with errors in the order of their own texts: fetches that are made side by side may end in any order. */
  readonly text: string;
  /** The requests to subgraphs, sorted. */
  readonly asked: readonly string[];
}

/** An operation executed by the interpreter, which follows its plan to the letter, and compiled. */
export interface AnsweredBothWays {
  readonly planned: OperationRequest['planned'];
  readonly interpreted: WayOfAnswering;
  readonly compiled: WayOfAnswering;
  /** Whether the compiled operation has written the response itself. */
  readonly written: boolean;
}

const logger = createLogger('test', 'silent');

/** Executes an operation both ways on subgraphs that answer whatever the test says. */
export async function answerBothWays(
  generation: Generation,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  answer: AnswerRequest,
  { mergeFetches = true } = {},
): Promise<AnsweredBothWays> {
  const request = requestOf(generation, query, variables);
  const [byInterpreter, byCompiled]: [string[], string[]] = [[], []];
  const engineOf = (asked: string[]) =>
    createEngine(clientOf(answer, asked), logger, createPresentResult(logger), { mergeFetches });
  const interpreted = textOf(await engineOf(byInterpreter).execute(request));
  const answered = await engineOf(byCompiled).answer(request);
  if (answered.kind === 'refused') throw new Error('the variables do not fit');
  const written = answered.kind === 'written';
  return {
    planned: request.planned,
    interpreted: wayOf(interpreted, byInterpreter),
    compiled: wayOf(written ? readBytes(answered.body) : textOf(answered.result), byCompiled),
    written,
  };
}

/** The errors that have a place, whatever order the fetches ended in. Without a place there may be one for each request that failed. */
export function placedErrors({ errors = [] }: FormattedExecutionResult): string[] {
  const texts = errors.filter(({ path }) => path !== undefined).map((error) => JSON.stringify(error));
  return [...new Set(texts)].sort();
}

function wayOf(text: string, asked: readonly string[]): WayOfAnswering {
  return { text, body: JSON.parse(text) as FormattedExecutionResult, asked: [...asked].sort() };
}

function textOf({ errors, data }: Awaited<ReturnType<ReturnType<typeof createEngine>['execute']>>): string {
  const texts = errors?.map((error) => JSON.stringify(formatError(error))).sort();
  return texts === undefined
    ? `${JSON.stringify({ data })}\n`
    : `{"errors":[${texts.join(',')}],"data":${JSON.stringify(data)}}\n`;
}

function clientOf(answer: AnswerRequest, asked: string[]): SubgraphClient {
  return clientOver(async (subgraph, body) => {
    asked.push(`${subgraph} ${body}`);
    const replied = answer(subgraph, body);
    if (replied === undefined) throw new SubrequestFailure('SUBREQUEST_HTTP_ERROR', 'down');
    return readReply({ status: 200, body: Buffer.from(JSON.stringify(replied)), retryAfterMs: undefined });
  });
}

function requestOf(
  generation: Generation,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): OperationRequest {
  const document = parse(query);
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  )!;
  const context = {
    identity: { kind: 'anonymous' },
    correlationId: 'c',
    forwardedHeaders: {},
    signal: createAborting().signal,
  } as const;
  return { generation, planned: planOperation(generation, query, document, operation), variables, context };
}
