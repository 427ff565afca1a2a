import { readFileSync } from 'node:fs';
import { getIntrospectionQuery, parse, type OperationDefinitionNode } from 'graphql';
import { buildGeneration } from '../supergraph/generation.ts';
import { compose } from '../testing/compose.ts';
import { createLibraryGeneration } from '../testing/library-generation.ts';
import { maxSelections } from './operation-size.ts';
import { planOperation } from './plan-operation.ts';
import { planningCost } from './planning-cost.ts';
import type { PlanSchemas } from './plan-check/possible-types.ts';

const library = createLibraryGeneration();

const bench = (file: string): string =>
  readFileSync(new URL(`../../../bench/gateway/data/${file}`, import.meta.url), 'utf8');

const operationOf = (source: string) => {
  const document = parse(source);
  const operation = document.definitions.find(({ kind }) => kind === 'OperationDefinition');
  return { document, operation: operation as OperationDefinitionNode };
};

function costOf(source: string, schemas: PlanSchemas = library): number {
  const { document, operation } = operationOf(source);
  return planningCost(schemas, document, operation);
}

const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

const tooLarge = expect.objectContaining({
  extensions: expect.objectContaining({ code: 'OPERATION_TOO_LARGE' }) as unknown,
}) as Error;

describe('what an operation costs to plan', () => {
  it('is the number of its selections where one subgraph has them all, without what introspection asks', () => {
    expect(costOf('{ me { name ... { manager { id } } } __schema { types { name } } }')).toBe(6);
    expect(costOf('{ ...F ...F } fragment F on Query { version }')).toBe(4);
  });

  it('is more for each place whose fields another subgraph has, however many they are', () => {
    const [none, one] = [costOf('{ me { name } }'), costOf('{ me { name reviews { id } } }')];

    expect(one).toBeGreaterThan(none + 2);
    expect(costOf('{ me { name reviews { id } ... { reviews { id } lost { id } } } }')).toBe(one + 5);
    expect(costOf('{ a: me { name reviews { id } } b: me { name reviews { id } } }')).toBe(2 * one);
  });

  it('is more again where a subgraph needs other fields for its own', () => {
    expect(costOf('{ book(id: 1) { cost } }')).toBeGreaterThan(costOf('{ book(id: 1) { rating } }'));
  });

  it('is more for each step of a mutation', () => {
    const one = costOf('mutation { removeAll }');

    expect(one).toBeGreaterThan(costOf('{ version }'));
    expect(costOf('mutation { ... { a: removeAll b: removeAll } }')).toBe(1 + 2 * one);
  });

  describe('of types that several subgraphs share', () => {
    const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])`;
    const subgraph = (name: string, typeDefs: string) => ({
      name,
      url: `http://${name}.invalid/graphql`,
      typeDefs: `${link} ${typeDefs}`,
    });
    const nodes = 'interface Node { id: ID! }';
    const thing = (fields: string) => `type Thing @key(fields: "id") { id: ID! ${fields} }`;
    const part = (name: string, fields: string) =>
      `type ${name} implements Node @key(fields: "id") { id: ID! ${fields} }`;
    const shared = buildGeneration(
      compose([
        subgraph(
          'a',
          `type Query { thing: Thing nodes: [Node!]! } ${nodes} ${thing('own: Int')} ${part('A', '')} ${part('B', '')}`,
        ),
        subgraph(
          'b',
          `interface Node { id: ID! alone: Int } ${thing('alone: Int shared: Int @shareable')} ${part('A', 'alone: Int')} ${part('B', 'alone: Int')}`,
        ),
        subgraph('c', thing('shared: Int @shareable')),
      ]),
      { subgraphUrls: {} },
    );

    it('is higher where the planner has a choice', () => {
      expect(costOf('{ thing { shared } }', shared)).toBeGreaterThan(costOf('{ thing { alone } }', shared));
    });

    it('is as high as there are types to take an interface apart for', () => {
      const [known, unknown] = [costOf('{ nodes { id } }', shared), costOf('{ nodes { alone } }', shared)];

      expect(unknown - costOf('{ thing { alone } }', shared)).toBe(1);
      expect(known).toBe(2);
    });
  });

  it.each([
    [
      'aliases of an entity’s entity',
      `{ me { ${times(700, (index) => `a${index}: manager { lost { stars } }`)} } }`,
    ],
    [
      'fetches that each need another one',
      `{ ${times(300, (index) => `a${index}: book(id: 1) { cost reviews { by { name } } }`)} }`,
    ],
    ['steps of a mutation', `mutation { ${times(400, (index) => `a${index}: removeAll`)} }`],
  ])('has hundreds of %s refused', (_what, source) => {
    const { document, operation } = operationOf(source);

    expect(() => planOperation(library, source, document, operation)).toThrow(tooLarge);
  });

  it.each([
    [
      '300 aliases of entity fields',
      `{ ${times(300, (index) => `a${index}: me { name lost { stars } }`)} }`,
      library,
    ],
    ['200 steps of a mutation', `mutation { ${times(200, (index) => `a${index}: removeAll`)} }`, library],
    ['introspection', getIntrospectionQuery(), library],
    [
      'a page of many parts',
      bench('big.graphql'),
      buildGeneration(bench('supergraph.graphql'), { subgraphUrls: {} }),
    ],
  ])('lets pass %s', (_what, source, generation) => {
    const { document, operation } = operationOf(source);

    expect(costOf(source, generation)).toBeLessThanOrEqual(maxSelections);
    expect(planOperation(generation, source, document, operation).plan.kind).toBe('QueryPlan');
  });
});
