import fc from 'fast-check';
import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { parse } from 'graphql';
import { propertyRuns } from '../../../tests/support/property-parameters.ts';
import type { Generation } from '../supergraph/generation.ts';
import { createLibraryGeneration } from '../testing/library-generation.ts';
import { libraryOperations } from '../testing/library-operations.ts';
import { randomOperation } from '../testing/random-operation.ts';
import { makePlan } from './make-plan.ts';

const generation = createLibraryGeneration();

/** The same generation with a planner whose plans are tampered with. */
function plannedBy(tamper: (plan: QueryPlan) => QueryPlan): Generation {
  const buildQueryPlan: Generation['planner']['buildQueryPlan'] = (operation) =>
    tamper(generation.planner.buildQueryPlan(operation));
  return { ...generation, planner: { buildQueryPlan } as Generation['planner'] };
}

/** A plan without its fetches from some subgraph. */
function without(subgraph: string, node: PlanNode): PlanNode | undefined {
  const kept = (nodes: PlanNode[]): PlanNode[] => nodes.flatMap((child) => without(subgraph, child) ?? []);
  if (node.kind === 'Fetch') return node.serviceName === subgraph ? undefined : node;
  if (node.kind === 'Sequence' || node.kind === 'Parallel') return { ...node, nodes: kept(node.nodes) };
  if (node.kind === 'Flatten') {
    const inner = without(subgraph, node.node);
    return inner === undefined ? undefined : { ...node, node: inner };
  }
  return node;
}

const plan = (query: string, of = generation): QueryPlan => makePlan(of, parse(query), new Map());

describe('a plan', () => {
  it.each(Object.entries(libraryOperations))('answers %s', (_what, { query }) => {
    if (query.includes('mutation')) return;

    expect(plan(query).kind).toBe('QueryPlan');
  });

  it('is never found wanting without a reason', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(plan(randomOperation(generation.apiSchema, seed)).kind).toBe('QueryPlan');
      }),
      { numRuns: propertyRuns(30) },
    );
  });

  it.each([
    ['a field of an entity', '{ people { name reviews { stars } } }', 'reviews', 'people.reviews'],
    ['a field of a type', '{ media { title ... on Book { cost } } }', 'shipping', 'media.cost'],
    ['a root field', '{ people { name } }', 'people', 'people'],
  ])('that leaves out %s is refused', (_what, query, subgraph, path) => {
    const tampered = plannedBy((made) => {
      const node = made.node === undefined || made.node.kind === 'Subscription' ? undefined : made.node;
      const left = node === undefined ? undefined : without(subgraph, node);
      return { kind: 'QueryPlan', ...(left === undefined ? {} : { node: left }) };
    });

    expect(() => plan(query, tampered)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(path) as string,
        extensions: { code: 'OPERATION_NOT_PLANNABLE', http: { status: 500 } },
      }) as Error,
    );
  });

  it('that the planner cannot make is an error with a code', () => {
    const failing = plannedBy(() => {
      throw new Error('This should not have happened.');
    });

    expect(() => plan('{ people { name } }', failing)).toThrow(
      expect.objectContaining({
        extensions: { code: 'OPERATION_NOT_PLANNABLE', http: { status: 500 } },
      }) as Error,
    );
  });

  it('that the gateway fails to check is not taken for one that the planner cannot make', () => {
    let asked = 0;
    const unreadable = plannedBy((made) => {
      asked += 1;
      return { ...made, node: { ...(made.node as FetchNode), operation: '{ unreadable' } };
    });

    expect(() => plan('{ people { name } }', unreadable)).toThrow('Syntax Error');
    expect(asked).toBe(1);
  });
});
