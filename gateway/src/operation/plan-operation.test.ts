import { parse, type GraphQLError, type OperationDefinitionNode } from 'graphql';
import type { Generation } from '../supergraph/generation.ts';
import { createLibraryGeneration } from '../testing/library-generation.ts';
import { createOperationCaches } from './operation-caches.ts';
import { planOperation } from './plan-operation.ts';
import type { PlannedOperation } from './planned-operation.ts';

const library = createLibraryGeneration();

/** The library's generation with caches of its own, and how often its planner was asked. */
function counted(caches = createOperationCaches(64 * 1024 * 1024), failure?: Error) {
  let asked = 0;
  const buildQueryPlan: Generation['planner']['buildQueryPlan'] = (operation, options) => {
    asked += 1;
    if (failure !== undefined) throw failure;
    return library.planner.buildQueryPlan(operation, options);
  };
  const planner = { buildQueryPlan } as Generation['planner'];
  return { generation: { ...library, ...caches, planner }, asked: () => asked };
}

function plan(generation: Generation, source: string): PlannedOperation {
  const document = parse(source);
  return planOperation(generation, source, document, document.definitions[0] as OperationDefinitionNode);
}

function failureOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

/** Some people with what they wrote, many times over. */
function large(copies: number, fragment = '...'): string {
  const names = Array.from({ length: copies }, (_, index) => `a${index}`);
  const selected = 'name manager { nickname reviews { stars about { title author { name } } } }';
  return `{ ${names.map((name) => `${name}: people { id ${fragment} { ${selected} } }`).join(' ')} }`;
}

describe('an operation', () => {
  it('is planned once, even one whose plan is large', () => {
    const { generation, asked } = counted();
    const planned = plan(generation, large(40));
    generation.known.remember(large(40), '', planned);

    expect(JSON.stringify(planned.plan).length).toBeGreaterThan(50_000);
    // Not `toBe`, which would take minutes to write out what differs.
    expect(plan(generation, large(40)) === planned).toBe(true);
    expect(generation.known.find(large(40), '') === planned).toBe(true);
    expect(asked()).toBe(1);
  });

  it('is planned once, even one whose plan is larger than what plans may take', () => {
    const { generation, asked } = counted(createOperationCaches(10_000));

    expect(plan(generation, large(2)) === plan(generation, large(2))).toBe(true);
    expect(asked()).toBe(1);
  });

  it('that defers something is planned once with it and once without', () => {
    const { generation, asked } = counted();
    const source = large(10, '... @defer');
    const planned = plan(generation, source);
    const deferring = planned.deferred!.planFor({});

    expect(plan(generation, source) === planned).toBe(true);
    expect(planned.deferred!.planFor({}) === deferring).toBe(true);
    expect(asked()).toBe(2);
  });

  it('has a plan for each combination of what it defers', () => {
    const { generation, asked } = counted();
    const { deferred } = plan(
      generation,
      'query ($a: Boolean!, $b: Boolean!) { me { ... @defer(if: $a) { name } ... @defer(if: $b) { reviews { stars } } } }',
    );
    const planFor = (a: boolean, b: boolean) => deferred!.planFor({ a, b });

    expect(planFor(false, false)).toBeUndefined();
    expect(new Set([planFor(true, false), planFor(false, true), planFor(true, true)]).size).toBe(3);
    expect(planFor(true, false) === planFor(true, false)).toBe(true);
    expect(asked()).toBe(4);
  });
});

describe('an operation that cannot be planned', () => {
  const conditional =
    'query ($a: Boolean!, $b: Boolean!) { people { x: name @include(if: $a) y: name @skip(if: $b) } }';

  it('is refused again without being planned again, each time by an error of its own', () => {
    const cause = new Error('no');
    const { generation, asked } = counted(undefined, cause);
    const first = failureOf(() => plan(generation, conditional)) as GraphQLError;
    const before = asked();
    first.extensions['written'] = 'by a plugin';
    const second = failureOf(() => plan(generation, conditional)) as GraphQLError;

    expect(second).toMatchObject({
      message: first.message,
      originalError: cause,
      extensions: { code: 'OPERATION_NOT_PLANNABLE', http: { status: 500 } },
    });
    expect(second).not.toBe(first);
    expect(asked()).toBe(before);
  });

  it('has another chance after some minutes', () => {
    let now = 1;
    const { generation, asked } = counted(
      createOperationCaches(1_000_000, () => now),
      new Error('no'),
    );
    failureOf(() => plan(generation, conditional));
    const before = asked();

    now += 299_999;
    failureOf(() => plan(generation, conditional));
    expect(asked()).toBe(before);

    now += 2;
    failureOf(() => plan(generation, conditional));
    expect(asked()).toBe(2 * before);
  });

  it('is not kept for what it says wrong, which is found without planning', () => {
    const { generation, asked } = counted();
    const misplaced = 'mutation { ... @defer { __typename } }';
    const first = failureOf(() => plan(generation, misplaced));

    expect(first).toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
    expect(generation.refusals.get(`${misplaced}:`)).toBeUndefined();
    expect(asked()).toBe(0);
  });
});
