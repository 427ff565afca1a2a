import fc from 'fast-check';
import { propertyRuns } from '../../../tests/support/property-parameters.ts';
import { createRandomGraph, promised, type RandomGraph } from '../testing/random-supergraph/random-graph.ts';
import type { Wrongness } from '../testing/random-supergraph/truth.ts';

// Graphs made up with their data, divided into subgraphs, composed, and asked random operations. Whatever the gateway answers, by the interpreter and compiled, has to
// be what graphql-js answers on the merged schema from the same data. See `promised` for what of errors is compared.

const allRight: Wrongness = { errors: 0, nulls: 0 };
const someWrong: Wrongness = { errors: 0.08, nulls: 0.05 };

/** Operations that once were answered wrongly, by Apollo's planner or by this gateway, each with its graph. */
const foundBefore: readonly (readonly [number, number])[] = [
  [12, 2],
  [24, 2],
  [45, 2],
  [48, 3],
  [70, 3],
  [124, 2],
  [138, 3],
  [141, 0],
  [162, 5],
  [223, 5],
  [293, 0],
  [311, 3],
  [1286, 5],
];

/** Asks a graph some operation, on right data if its number is even and on partly wrong data otherwise. */
async function expectLikeAWhole(made: RandomGraph, number: number): Promise<void> {
  const request = made.request(number);
  const { query, variables } = request;
  made.tell(number, number % 2 === 0 ? allRight : someWrong);

  const expected = { query, ...promised(await made.expected(request)) };

  expect({ query, ...promised(await made.graph.interpret(query, variables)) }).toEqual(expected);
  expect({ query, ...promised(await made.graph.answer(query, variables)) }).toEqual(expected);
}

describe('a graph in parts', () => {
  it('answers like a whole', async () => {
    let composed = 0;
    const runs = propertyRuns(25);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2_000, max: 1_000_000 }), async (seed) => {
        const made = createRandomGraph(seed);
        if (made === undefined) return;
        composed += 1;
        for (const number of [0, 1, 2, 3]) await expectLikeAWhole(made, number);
      }),
      { numRuns: runs },
    );
    expect(composed).toBeGreaterThan(runs / 2);
  }, 3_600_000);

  it.each(foundBefore)('answers like a whole, as graph %i asked operation %i', async (seed, number) => {
    await expectLikeAWhole(createRandomGraph(seed)!, number);
  });

  it('is answered right where Apollo’s gateway is not', async () => {
    for (const [seed, number] of foundBefore.slice(2, 4)) {
      const made = createRandomGraph(seed)!;
      const request = made.request(number);
      made.tell(number, allRight);

      const theirs = promised(await made.graph.askStock(request.query, request.variables));

      expect(theirs.nulled).toEqual([]); // and it does not tell
      expect(theirs.data).not.toBe(promised(await made.expected(request)).data);
    }
  });
});
