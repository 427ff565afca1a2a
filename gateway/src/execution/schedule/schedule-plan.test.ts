import type { FetchNode, PlanNode, ResponsePath } from '@apollo/query-planner';
import { OperationTypeNode } from 'graphql';
import { fetchedFields } from './fetched-fields.ts';
import { planFetches } from './plan-fetches.ts';
import { schedulePlan } from './schedule-plan.ts';

const root = (serviceName: string, operation: string): FetchNode => ({
  kind: 'Fetch',
  serviceName,
  operation,
  operationName: undefined,
  operationKind: operation.startsWith('mutation') ? OperationTypeNode.MUTATION : OperationTypeNode.QUERY,
});

/** A fetch of fields of the people at a path, who are represented by some fields of theirs. */
const entities = (serviceName: string, path: ResponsePath, fields: string, requires = ['id']): PlanNode => ({
  kind: 'Flatten',
  path,
  node: {
    ...root(
      serviceName,
      `query($representations:[_Any!]!){_entities(representations:$representations){...on Person{${fields}}}}`,
    ),
    requires: [
      {
        kind: 'InlineFragment',
        typeCondition: 'Person',
        selections: ['__typename', ...requires].map((name) => ({ kind: 'Field' as const, name })),
      },
    ],
  },
});

const sequence = (...nodes: PlanNode[]): PlanNode => ({ kind: 'Sequence', nodes });
const parallel = (...nodes: PlanNode[]): PlanNode => ({ kind: 'Parallel', nodes });

/** The requests of a plan: the subgraph, how many fetches it makes, and the requests that it waits for. */
function scheduled(plan: PlanNode, mergesFetches = true): (readonly [string, number, ...number[]])[] {
  const fetches = planFetches(plan)!;
  return schedulePlan(fetches, fetches.map(fetchedFields), mergesFetches).map(
    ({ fetches: [first, ...more], after }) => [first!.node.serviceName, 1 + more.length, ...after] as const,
  );
}

const everybody = root('people', '{ everybody { __typename id } }');

describe('schedulePlan', () => {
  it('starts a fetch when what it needs is there, whatever the plan puts before it', () => {
    const plan = sequence(
      everybody,
      entities('names', ['everybody', '@'], 'name'),
      entities('pets', ['everybody', '@'], 'pets'),
      entities('greetings', ['everybody', '@'], 'greeting', ['id', 'name']),
    );

    expect(scheduled(plan)).toEqual([
      ['people', 1],
      ['names', 1, 0],
      ['pets', 1, 0],
      ['greetings', 1, 0, 1],
    ]);
  });

  it('puts a fetch off to the step in which its subgraph is asked again, if nobody waits for it', () => {
    const plan = sequence(
      everybody,
      parallel(
        entities('pets', ['everybody', '@'], 'pets'),
        sequence(
          entities('names', ['everybody', '@'], 'name'),
          entities('pets', ['everybody', '@'], 'petNames', ['id', 'name']),
        ),
      ),
    );

    expect(scheduled(plan)).toEqual([
      ['people', 1],
      ['names', 1, 0],
      ['pets', 2, 0, 1],
    ]);
  });

  it('never makes the way longer', () => {
    const plan = sequence(
      everybody,
      parallel(
        sequence(
          entities('pets', ['everybody', '@'], 'pet'),
          entities('names', ['everybody', '@'], 'called', ['id', 'pet']),
        ),
        sequence(
          entities('names', ['everybody', '@'], 'name'),
          entities('pets', ['everybody', '@'], 'petNames', ['id', 'name']),
        ),
      ),
    );

    expect(scheduled(plan)).toEqual([
      ['people', 1],
      ['pets', 1, 0],
      ['names', 1, 0],
      ['names', 1, 0, 1],
      ['pets', 1, 0, 2],
    ]);
  });

  it('makes one fetch of those that ask the same at several places', () => {
    const plan = sequence(
      root('people', '{ everybody { __typename id friend { __typename id } } }'),
      parallel(
        entities('names', ['everybody', '@'], 'name'),
        entities('names', ['everybody', '@', 'friend'], 'name'),
      ),
    );

    expect(scheduled(plan)).toEqual([
      ['people', 1],
      ['names', 1, 0],
    ]);
  });

  it('leaves the plan as it is when fetches side by side put different fields in one place', () => {
    const plan = sequence(
      everybody,
      parallel(
        entities('names', ['everybody', '@'], 'x: name'),
        entities('names', ['everybody', '@'], 'x: nickname'),
      ),
    );

    expect(scheduled(plan)).toEqual([
      ['people', 1],
      ['names', 1, 0],
      ['names', 1, 0],
    ]);
  });

  it('keeps the order in which fetches write to one place', () => {
    const plan = sequence(
      everybody,
      entities('pets', ['everybody', '@'], 'pets { name }'),
      entities('names', ['everybody', '@'], 'id: name'),
    );

    expect(scheduled(plan)).toEqual([
      ['people', 1],
      ['pets', 1, 0],
      ['names', 1, 0, 1],
    ]);
  });

  it('keeps a mutation’s steps in their order', () => {
    const plan = sequence(
      root('people', 'mutation { rename { __typename id } }'),
      root('notes', 'mutation { write { text } }'),
      root('people', 'mutation { again: rename { __typename id } }'),
    );

    expect(scheduled(plan)).toEqual([
      ['people', 1],
      ['notes', 1, 0],
      ['people', 1, 0, 1],
    ]);
  });

  it('makes each fetch a request in the order of the plan when it is told to', () => {
    const plan = sequence(
      everybody,
      parallel(
        entities('names', ['everybody', '@'], 'name'),
        entities('names', ['everybody', '@'], 'nickname'),
      ),
      entities('pets', ['everybody', '@'], 'pets'),
    );

    expect(scheduled(plan, false)).toEqual([
      ['people', 1],
      ['names', 1, 0],
      ['names', 1, 0],
      ['pets', 1, 0, 1, 2],
    ]);
  });

  it('does not take a plan that is answered in parts', () => {
    expect(planFetches({ kind: 'Defer', primary: {}, deferred: [] })).toBeUndefined();
  });
});
