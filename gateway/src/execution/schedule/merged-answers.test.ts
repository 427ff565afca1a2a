import fc from 'fast-check';
import { propertyRuns } from '../../../../tests/support/property-parameters.ts';
import type { PlannedOperation } from '../../operation/planned-operation.ts';
import { answerBothWays, placedErrors } from '../../testing/answer-both-ways.ts';
import { randomAnswers } from '../../testing/random-answers.ts';
import { createRandomGraph, type RandomGraph } from '../../testing/random-supergraph/random-graph.ts';
import { fetchedFields } from './fetched-fields.ts';
import { planFetches } from './plan-fetches.ts';

// Graphs made up at random, whose subgraphs answer right or wrong, or not at all. Merged fetches may bring no other data than the plan's own, and no fewer errors.

/** Answers that once lost an error, or told another one: graph, operation, and how wrong its subgraphs are. */
const foundBefore: readonly (readonly [number, number, number])[] = [
  [3063, 2, 0.05],
  [3063, 2, 0.15],
];

/** @returns how many requests the plan's own fetches and the merged ones were; undefined for an operation that is not compared. */
async function expectTheSame(seed: number, made: RandomGraph, number: number, wrongness: number) {
  const { query, variables } = made.request(number);
  if (!query.startsWith('query')) return undefined;
  const { generation } = made.graph;
  const { planned, interpreted, compiled } = await answerBothWays(
    generation,
    query,
    variables,
    (subgraph, body) =>
      randomAnswers(generation.supergraphSchema, { seed: seed * 7 + number, wrongness, subgraph, body }),
  );
  if (isMatterOfTiming(planned)) return undefined;

  expect(compiled.body.data).toEqual(interpreted.body.data);
  expect(placedErrors(compiled.body)).toEqual(placedErrors(interpreted.body));
  expect(compiled.asked.length).toBeLessThanOrEqual(interpreted.asked.length);
  return { planned: interpreted.asked.length, made: compiled.asked.length };
}

/** Whether fetches that are made side by side fill one place: of subgraphs that contradict each other there, the last one counts. */
function isMatterOfTiming({ plan: { node } }: PlannedOperation): boolean {
  if (node === undefined || node.kind === 'Subscription') return false;
  const fetches = planFetches(node) ?? [];
  const fields = fetches.map(fetchedFields);
  return fetches.some(({ after }, index) =>
    fields
      .slice(0, index)
      .some(
        ({ writes }, other) =>
          !after.has(other) && [...writes.keys()].some((place) => fields[index]!.writes.has(place)),
      ),
  );
}

describe('merged fetches', () => {
  it('bring what the plan’s own do, whether subgraphs are right or wrong', async () => {
    let [planned, made] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2_000, max: 1_000_000 }), async (seed) => {
        const graph = createRandomGraph(seed);
        if (graph === undefined) return;
        for (const number of [0, 1, 2, 3, 4, 5]) {
          for (const wrongness of [0, 0.05, 0.15, 0.4]) {
            const requests = await expectTheSame(seed, graph, number, wrongness);
            planned += requests?.planned ?? 0;
            made += requests?.made ?? 0;
          }
        }
      }),
      { numRuns: propertyRuns(15) },
    );
    expect(made).toBeLessThan(planned);
  }, 3_600_000);

  it.each(foundBefore)(
    'bring the same for graph %i asked operation %i, %f wrong',
    async (seed, number, wrongness) => {
      expect(await expectTheSame(seed, createRandomGraph(seed)!, number, wrongness)).toBeDefined();
    },
  );
});
