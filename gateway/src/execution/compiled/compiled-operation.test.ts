import fc from 'fast-check';
import { propertyRuns } from '../../../../tests/support/property-parameters.ts';
import { answerBothWays, placedErrors, type AnswerRequest } from '../../testing/answer-both-ways.ts';
import { createLibraryGeneration } from '../../testing/library-generation.ts';
import { randomAnswers } from '../../testing/random-answers.ts';
import { randomOperation } from '../../testing/random-operation.ts';

const generation = createLibraryGeneration();

/** Subgraphs whose answers are a function of what is asked and of a seed, right or wrong. */
const randomSubgraphs =
  (seed: number, wrongness: number): AnswerRequest =>
  (subgraph, body) =>
    randomAnswers(generation.supergraphSchema, { seed, wrongness, subgraph, body });

const howWrong = [
  ['right', 0],
  ['wrong here and there', 0.05],
  ['mostly wrong', 0.4],
] as const;

describe('a compiled operation', () => {
  it.each(howWrong)(
    'asks and answers what the interpreter does when subgraphs are %s',
    async (_what, wrongness) => {
      let written = 0;
      await fc.assert(
        fc.asyncProperty(fc.integer(), fc.boolean(), fc.boolean(), async (seed, yes, no) => {
          const query = randomOperation(generation.apiSchema, seed);
          const answered = await answerBothWays(
            generation,
            query,
            { yes, no },
            randomSubgraphs(seed, wrongness),
            { mergeFetches: false },
          );
          if (answered.written) written += 1;
          expect(answered.compiled).toEqual(answered.interpreted);
        }),
        { numRuns: propertyRuns(100) },
      );
      if (wrongness === 0) expect(written).toBeGreaterThan(60);
    },
  );

  it.each(howWrong)(
    'needs fewer requests for the same answer, when subgraphs are %s, if fetches are merged',
    async (_what, wrongness) => {
      let [planned, made] = [0, 0];
      await fc.assert(
        fc.asyncProperty(fc.integer(), fc.boolean(), fc.boolean(), async (seed, yes, no) => {
          const query = randomOperation(generation.apiSchema, seed);
          const { interpreted, compiled } = await answerBothWays(
            generation,
            query,
            { yes, no },
            randomSubgraphs(seed, wrongness),
          );
          planned += interpreted.asked.length;
          made += compiled.asked.length;
          expect(compiled.asked.length).toBeLessThanOrEqual(interpreted.asked.length);
          expect(compiled.body.data).toEqual(interpreted.body.data);
          expect(placedErrors(compiled.body)).toEqual(placedErrors(interpreted.body));
        }),
        { numRuns: propertyRuns(100) },
      );
      expect(made).toBeLessThan(planned);
    },
  );

  it('writes names of the schema’s and the client’s as text, whatever they are', async () => {
    const query =
      '{ __proto__: me { constructor: name toString: nickname hasOwnProperty: __typename } valueOf: people { __proto__: name } }';
    const { interpreted, compiled, written } = await answerBothWays(
      generation,
      query,
      {},
      randomSubgraphs(1, 0),
    );

    expect(compiled).toEqual(interpreted);
    expect(written).toBe(true);
  });
});
