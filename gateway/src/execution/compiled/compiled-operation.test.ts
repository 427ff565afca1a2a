import fc from 'fast-check';
import { parse, Kind, type OperationDefinitionNode } from 'graphql';
import { createLogger } from '@trellis/lifecycle';
import { planOperation } from '../../operation/plan-operation.ts';
import { createPresentResult, formatError } from '../../security/present-errors.ts';
import type { SubgraphClient } from '../../subgraph/subgraph-client.ts';
import { SubrequestFailure } from '../../subgraph/subrequest-failure.ts';
import { readSubgraphResult } from '../../subgraph/subgraph-result.ts';
import { createLibraryGeneration } from '../../testing/library-generation.ts';
import { createAborting } from '../aborting.ts';
import { createEngine } from '../engine.ts';
import type { OperationRequest } from '../operation-request.ts';
import { randomAnswers } from '../../testing/random-answers.ts';
import { randomOperation } from '../../testing/random-operation.ts';

const generation = createLibraryGeneration();
const logger = createLogger('test', 'silent');

/** A client whose answers are a function of what is asked and of a seed, right or wrong. */
function clientOf(seed: number, wrongness: number, asked: string[]): SubgraphClient {
  const answer = async (subgraph: string, body: string) => {
    asked.push(`${subgraph} ${body}`);
    const reply = randomAnswers(generation.supergraphSchema, { seed, wrongness, subgraph, body });
    if (reply === undefined) throw new SubrequestFailure('SUBREQUEST_HTTP_ERROR', 'down');
    const text = JSON.stringify(reply);
    return { ...readSubgraphResult(JSON.parse(text)), escaped: text.includes('\\') };
  };
  return {
    async send({ subgraph, query, variables, operationName }) {
      const body = JSON.stringify({
        query,
        variables,
        ...(operationName === undefined ? {} : { operationName }),
      });
      const { data, errors } = await answer(subgraph.name, body);
      return { data, errors };
    },
    post: ({ subgraph, body }) => answer(subgraph.name, body),
    stream: () => Promise.reject(new Error('not a stream')),
    stop: async () => {},
  };
}

function requestOf(query: string, variables: Record<string, unknown>): OperationRequest {
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

async function bothWays(query: string, variables: Record<string, unknown>, seed: number, wrongness: number) {
  const request = requestOf(query, variables);
  const [byInterpreter, byCompiled]: [string[], string[]] = [[], []];
  const engineOf = (asked: string[]) =>
    createEngine(clientOf(seed, wrongness, asked), logger, createPresentResult(logger));
  const interpreted = await engineOf(byInterpreter).execute(request);
  const compiled = await engineOf(byCompiled).answer(request);
  const text = (result: typeof interpreted): string =>
    `${JSON.stringify({ errors: result.errors?.map(formatError), data: result.data })}\n`;
  return {
    interpreted: { text: text(interpreted), asked: byInterpreter },
    compiled: {
      text:
        compiled.kind === 'written' ? compiled.text : compiled.kind === 'result' ? text(compiled.result) : '',
      asked: byCompiled,
    },
    written: compiled.kind === 'written',
  };
}

describe('a compiled operation', () => {
  it.each([
    ['right', 0],
    ['wrong here and there', 0.05],
    ['mostly wrong', 0.4],
  ])('asks and answers what the interpreter does when subgraphs are %s', async (_what, wrongness) => {
    let written = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.boolean(), fc.boolean(), async (seed, yes, no) => {
        const query = randomOperation(generation.apiSchema, seed);
        const answers = await bothWays(query, { yes, no }, seed, wrongness);
        if (answers.written) written += 1;
        expect(answers.compiled).toEqual(answers.interpreted);
      }),
      { numRuns: 100, seed: 7 },
    );
    if (wrongness === 0) expect(written).toBeGreaterThan(60);
  });

  it('writes names of the schema’s and the client’s as text, whatever they are', async () => {
    const query =
      '{ __proto__: me { constructor: name toString: nickname hasOwnProperty: __typename } valueOf: people { __proto__: name } }';
    const { interpreted, compiled, written } = await bothWays(query, {}, 1, 0);

    expect(compiled).toEqual(interpreted);
    expect(written).toBe(true);
  });
});
