import fc from 'fast-check';
import { parse, Kind, type FormattedExecutionResult, type OperationDefinitionNode } from 'graphql';
import { createLogger } from '@trellis/lifecycle';
import { propertyRuns } from '../../../../tests/support/property-parameters.ts';
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

interface Random {
  readonly seed: number;
  readonly wrongness: number;
  readonly mergeFetches: boolean;
}

async function bothWays(
  query: string,
  variables: Record<string, unknown>,
  { seed, wrongness, mergeFetches }: Random,
) {
  const request = requestOf(query, variables);
  const [byInterpreter, byCompiled]: [string[], string[]] = [[], []];
  const engineOf = (asked: string[]) =>
    createEngine(clientOf(seed, wrongness, asked), logger, createPresentResult(logger), { mergeFetches });
  const interpreted = await engineOf(byInterpreter).execute(request);
  const compiled = await engineOf(byCompiled).answer(request);
  // Fetches that are made side by side may end in any order.
  const text = ({ errors, data }: typeof interpreted): string => {
    const texts = errors?.map((error) => JSON.stringify(formatError(error))).sort();
    return texts === undefined
      ? `${JSON.stringify({ data })}\n`
      : `{"errors":[${texts.join(',')}],"data":${JSON.stringify(data)}}\n`;
  };
  return {
    interpreted: { text: text(interpreted), asked: byInterpreter.sort() },
    compiled: {
      text:
        compiled.kind === 'written' ? compiled.text : compiled.kind === 'result' ? text(compiled.result) : '',
      asked: byCompiled.sort(),
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
        const answers = await bothWays(query, { yes, no }, { seed, wrongness, mergeFetches: false });
        if (answers.written) written += 1;
        expect(answers.compiled).toEqual(answers.interpreted);
      }),
      { numRuns: propertyRuns(100) },
    );
    if (wrongness === 0) expect(written).toBeGreaterThan(60);
  });

  it.each([
    ['right', 0],
    ['wrong here and there', 0.05],
    ['mostly wrong', 0.4],
  ])(
    'needs fewer requests for the same answer, when subgraphs are %s, if fetches are merged',
    async (_what, wrongness) => {
      let [planned, made] = [0, 0];
      await fc.assert(
        fc.asyncProperty(fc.integer(), fc.boolean(), fc.boolean(), async (seed, yes, no) => {
          const query = randomOperation(generation.apiSchema, seed);
          const { interpreted, compiled } = await bothWays(
            query,
            { yes, no },
            { seed, wrongness, mergeFetches: true },
          );
          planned += interpreted.asked.length;
          made += compiled.asked.length;
          expect(compiled.asked.length).toBeLessThanOrEqual(interpreted.asked.length);
          const [one, other] = [compiled, interpreted].map(
            ({ text }) => JSON.parse(text) as FormattedExecutionResult,
          );
          expect(one!.data).toEqual(other!.data);
          expect(placed(one!)).toEqual(placed(other!));
        }),
        { numRuns: propertyRuns(100) },
      );
      expect(made).toBeLessThan(planned);
    },
  );

  it('writes names of the schema’s and the client’s as text, whatever they are', async () => {
    const query =
      '{ __proto__: me { constructor: name toString: nickname hasOwnProperty: __typename } valueOf: people { __proto__: name } }';
    const { interpreted, compiled, written } = await bothWays(
      query,
      {},
      { seed: 1, wrongness: 0, mergeFetches: true },
    );

    expect(compiled).toEqual(interpreted);
    expect(written).toBe(true);
  });
});

/** The errors that have a place, whatever order the fetches ended in. Without a place there may be one for each request that failed. */
function placed({ errors = [] }: FormattedExecutionResult): string[] {
  const texts = errors.filter(({ path }) => path !== undefined).map((error) => JSON.stringify(error));
  return [...new Set(texts)].sort();
}
