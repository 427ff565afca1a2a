import { parse } from 'graphql';
import { buildGeneration, type Generation } from '../supergraph/generation.ts';
import { compose } from '../testing/compose.ts';
import { createRandomGraph } from '../testing/random-supergraph/random-graph.ts';
import { moveClashingKeys } from './client-keys.ts';
import { makePlan } from './make-plan.ts';
import { createPlanningBudget } from './planning-budget.ts';

const labels = ['a', 'b', 'c', 'd', 'e', 'f'];
const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@override"])`;
const subgraphs = {
  before: `${link}
    type Query { thing: Thing }
    type Thing @key(fields: "id") { id: ID!, ${labels.map((label) => `${label}: Int`).join(', ')} }`,
  after: `${link}
    type Thing @key(fields: "id") {
      id: ID!
      ${labels.map((label) => `${label}: Int @override(from: "before", label: "${label}")`).join('\n')}
    }`,
};
const generation = buildGeneration(
  compose(
    Object.entries(subgraphs).map(([name, typeDefs]) => ({ name, typeDefs, url: `http://${name}.invalid` })),
  ),
  { subgraphUrls: {} },
);

/** The same generation with a planner that gives up on conditions, and how often it was asked. */
function withoutConditions(): { generation: Generation; asked: () => number } {
  let asked = 0;
  const buildQueryPlan: Generation['planner']['buildQueryPlan'] = (operation, options) => {
    asked += 1;
    if (/@(skip|include)/.test(operation.toString())) throw new Error('a condition');
    return generation.planner.buildQueryPlan(operation, options);
  };
  return {
    generation: { ...generation, planner: { buildQueryPlan } as Generation['planner'] },
    asked: () => asked,
  };
}

/** An operation that depends on some labels and some conditions. */
function operation(labelled: number, conditions: number): ReturnType<typeof parse> {
  const names = Array.from({ length: conditions }, (_, index) => `c${index}`);
  const declared = names.map((name) => `$${name}: Boolean!`).join(' ');
  const fields = [...labels.slice(0, labelled), ...names.map((name) => `${name}: id @include(if: $${name})`)];
  return parse(`query${declared === '' ? '' : `(${declared})`} { thing { ${fields.join(' ')} } }`);
}

const tooLarge = expect.objectContaining({
  extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } },
}) as Error;

describe('planning', () => {
  it('takes a plan for each combination of labels', () => {
    const { generation: counting, asked } = withoutConditions();

    makePlan(counting, operation(6, 0), new Map());

    expect(asked()).toBe(64);
  });

  it('takes as many more as conditions need that the planner gives up on', () => {
    const { generation: counting, asked } = withoutConditions();

    makePlan(counting, operation(2, 3), new Map());

    // For each of four combinations: twice in vain, once for each inner combination of conditions, and once for each leaf.
    expect(asked()).toBe(4 * (1 + 7 + 8));
  });

  it('is given up when labels and conditions together would take too many', () => {
    const { generation: counting, asked } = withoutConditions();

    expect(() => makePlan(counting, operation(6, 4), new Map())).toThrow(tooLarge);
    expect(asked()).toBe(300);
  });

  it('does not weigh every way to fetch an operation against every other', () => {
    // A short operation whose fields can be had from several subgraphs in thousands of combinations: weighing all took 14 seconds.
    const { graph, request } = createRandomGraph(500_479)!;
    const document = parse(request(4).query);
    const { document: executed, clientKeys } = moveClashingKeys(document, graph.generation.repairs.planNames);

    makePlan(graph.generation, executed, clientKeys);

    const { evaluatedPlanCount } = graph.generation.planner.lastGeneratedPlanStatistics()!;
    expect(evaluatedPlanCount).toBeGreaterThan(1);
    expect(evaluatedPlanCount).toBeLessThanOrEqual(200);
  });

  it('is given up when it has taken too long', () => {
    const { generation: counting, asked } = withoutConditions();
    let time = 0;
    const budget = createPlanningBudget(() => (time += 2_000));

    expect(() => makePlan(counting, operation(6, 0), new Map(), 40, budget)).toThrow(tooLarge);
    expect(asked()).toBe(2);
  });
});
