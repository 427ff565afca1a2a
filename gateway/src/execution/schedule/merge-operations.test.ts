import type { FetchNode } from '@apollo/query-planner';
import { OperationTypeNode, parse, print } from 'graphql';
import { isMergeable, mergeOperations, whatItAsks } from './merge-operations.ts';

const fetchNode = (operation: string, more: Partial<FetchNode> = {}): FetchNode => ({
  kind: 'Fetch',
  serviceName: 'people',
  operation,
  operationName: undefined,
  operationKind: OperationTypeNode.QUERY,
  ...more,
});

const requires: FetchNode['requires'] = [{ kind: 'Field', name: '__typename' }];

/** A fetch of entities with these selections. */
const entityFetch = (selections: string, more: Partial<FetchNode> & { variables?: string } = {}): FetchNode =>
  fetchNode(
    `query($representations: [_Any!]!${more.variables ?? ''}) { _entities(representations: $representations) { ${selections} } }`,
    { requires, ...more },
  );

const written = (operation: string): string => print(parse(operation));

describe('mergeOperations', () => {
  it('gives each fetch of entities its own list, and leaves root fields as they are', () => {
    const merged = mergeOperations([
      entityFetch('... on Person { name }'),
      fetchNode('query Q__people__1 { me { name } }'),
      entityFetch('... on Pet { owner { name } }'),
    ]);

    expect(written(merged.operation)).toBe(
      written(`query($representations0: [_Any!]!, $representations2: [_Any!]!) {
        entities0: _entities(representations: $representations0) { ... on Person { name } }
        me { name }
        entities2: _entities(representations: $representations2) { ... on Pet { owner { name } } }
      }`),
    );
    expect(merged.parts).toEqual([
      { kind: 'entities', key: 'entities0', variable: 'representations0' },
      { kind: 'root' },
      { kind: 'entities', key: 'entities2', variable: 'representations2' },
    ]);
  });

  it('takes no name that a client’s variable or field has', () => {
    const merged = mergeOperations([
      entityFetch('... on Person { name(in: $representations0) }', {
        variables: ', $representations0: String',
        variableUsages: ['representations0'],
      }),
      fetchNode('{ entities0: me { name } }'),
    ]);

    expect(merged.parts[0]).toEqual({
      kind: 'entities',
      key: 'entities0_2',
      variable: 'representations0_2',
    });
    expect(merged.operation).toContain('name(in:$representations0)');
  });

  it('declares a variable once that several fetches use', () => {
    const uses = { variables: ', $first: Int = 3', variableUsages: ['first'] };
    const merged = mergeOperations([
      entityFetch('... on Person { pets(first: $first) { name } }', uses),
      entityFetch('... on Person { cars(first: $first) { name } }', uses),
    ]);

    expect(merged.variableUsages).toEqual(['first']);
    expect(merged.operation.match(/\$first:Int=3/g)).toHaveLength(1);
  });

  it('renames fragments that would have one name', () => {
    const withFragment = (fields: string): FetchNode => {
      const { operation } = entityFetch('...F');
      const rest = `fragment F on Person { ...F_2 } fragment F_2 on Person { ${fields} }`;
      return fetchNode(`${operation} ${rest}`, { requires });
    };
    const merged = mergeOperations([withFragment('name'), withFragment('nickname')]);

    expect(written(merged.operation)).toBe(
      written(`query($representations0: [_Any!]!, $representations1: [_Any!]!) {
        entities0: _entities(representations: $representations0) { ...F }
        entities1: _entities(representations: $representations1) { ...F_3 }
      }
      fragment F on Person { ...F_2 } fragment F_2 on Person { name }
      fragment F_3 on Person { ...F_2_2 } fragment F_2_2 on Person { nickname }`),
    );
  });
});

describe('isMergeable', () => {
  it.each([
    ['a query of entities', entityFetch('... on Person { name }'), [], true],
    ['a query of root fields', fetchNode('{ me { name } }'), [], true],
    ['a query of root fields somewhere else', fetchNode('{ me { name } }'), ['query'], false],
    ['a mutation', fetchNode('mutation { x }', { operationKind: OperationTypeNode.MUTATION }), [], false],
    ['an operation with directives', fetchNode('query @live { me { name } }'), [], false],
    [
      'a fetch with arguments from the context',
      entityFetch('... on Person { name }', {
        contextRewrites: [{ kind: 'KeyRenamer', path: ['..', 'x'], renameKeyTo: 'y' }],
      }),
      [],
      false,
    ],
  ])('%s', (_what, node, at, expected) => {
    expect(isMergeable({ node, at, conditions: [], after: new Set() })).toBe(expected);
  });
});

describe('whatItAsks', () => {
  const name = entityFetch('... on Person { name }');

  it('is the same for the same selections, whatever the operation is called', () => {
    const named = { ...name, operation: name.operation.replace('query', 'query Q__people__3') };

    expect(whatItAsks(named)).toBe(whatItAsks(name));
  });

  it.each([
    ['subgraph', { ...name, serviceName: 'pets' }],
    ['selection', entityFetch('... on Person { n: name }')],
    ['requirement', { ...name, requires: [...requires, { kind: 'Field' as const, name: 'id' }] }],
    [
      'rewrite',
      { ...name, outputRewrites: [{ kind: 'KeyRenamer' as const, path: ['a'], renameKeyTo: 'b' }] },
    ],
  ])('is another for another %s', (_what, other) => {
    expect(whatItAsks(other)).not.toBe(whatItAsks(name));
  });
});
