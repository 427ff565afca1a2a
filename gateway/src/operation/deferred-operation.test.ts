import type { QueryPlan } from '@apollo/query-planner';
import { GraphQLError, parse, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { expandDeferred } from './defer-directive.ts';
import { createDeferredOperation, type DeferringPlan } from './deferred-operation.ts';
import { weighedCache } from './weighed-cache.ts';

const inline: QueryPlan = { kind: 'QueryPlan' };

function deferredOperation(planQuery: (document: DocumentNode) => QueryPlan) {
  const document = parse('{ me { ... @defer { name } } }');
  const expanded = expandDeferred(document, document.definitions[0] as OperationDefinitionNode);
  const plans = weighedCache<DeferringPlan>(100, () => 1);
  return createDeferredOperation(expanded, inline, { planQuery, plans, cacheKey: 'me' });
}

describe('an operation whose deferred fragments the planner refuses', () => {
  it('has the plan without them, and the planner is not asked again', () => {
    let asked = 0;
    const deferred = deferredOperation(() => {
      asked += 1;
      throw new GraphQLError('an interface', { extensions: { code: 'OPERATION_NOT_PLANNABLE' } });
    });

    expect(deferred.planFor({})).toMatchObject({ plan: inline, isDeferring: false });
    expect(deferred.planFor({})).toMatchObject({ plan: inline, isDeferring: false });
    expect(asked).toBe(1);
  });

  it('is not what a fault of the gateway’s own is taken for', () => {
    const deferred = deferredOperation(() => {
      throw new TypeError('a fault');
    });

    expect(() => deferred.planFor({})).toThrow('a fault');
  });
});
