import type { FetchNode } from '@apollo/query-planner';
import { GraphQLError, OperationTypeNode } from 'graphql';
import { createLibraryGeneration } from '../testing/library-generation.ts';
import { entityBatches } from './entity-batch.ts';
import { FailedFields } from './failed-fields.ts';
import type { PlanRun } from './plan-run.ts';

const generation = createLibraryGeneration();

const node: FetchNode = {
  kind: 'Fetch',
  serviceName: 'shipping',
  operation:
    'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Book { cost } } }',
  operationName: undefined,
  operationKind: OperationTypeNode.QUERY,
  requires: [
    {
      kind: 'InlineFragment',
      typeCondition: 'Book',
      selections: [
        { kind: 'Field', name: '__typename' },
        { kind: 'Field', name: 'id' },
        { kind: 'Field', name: 'weight' },
      ],
    },
  ],
};

describe('entityBatches', () => {
  it('stands one representation for equal entities', () => {
    const book = (id: string) => ({ object: { __typename: 'Book', id, weight: 1 }, path: [id] });
    const [first, second, third] = [book('a'), book('b'), book('a')];

    const [batch, ...more] = entityBatches(aRun(), node, [first, second, third]);

    expect(more).toEqual([]);
    expect(batch?.representations.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(batch?.owners).toEqual([[first, third], [second]]);
  });

  it('blames what made an entity incomplete for what cannot be asked without it', () => {
    const run = aRun();
    const target = { object: { __typename: 'Book', id: 'a' }, path: ['book'] };
    const cause = new GraphQLError('media is down');
    run.failures.record([target], ['weight'], cause);

    expect(entityBatches(run, node, [target])).toEqual([]);
    expect(run.failures.report(target.object, 'cost')).toBe(cause);
  });
});

function aRun(): PlanRun {
  const unused = new Proxy(
    {},
    {
      get: () => {
        throw new Error('not used here');
      },
    },
  );
  return {
    generation,
    plan: { kind: 'QueryPlan' },
    client: unused as PlanRun['client'],
    context: unused as PlanRun['context'],
    deadlineAt: Infinity,
    signal: new AbortController().signal,
    variables: {},
    coercedVariables: {},
    data: {},
    errors: [],
    failures: new FailedFields(),
  };
}
