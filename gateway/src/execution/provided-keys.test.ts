import type { FetchNode } from '@apollo/query-planner';
import { OperationTypeNode } from 'graphql';
import { providedKeys } from './provided-keys.ts';

const fetchNode = (operation: string, more: Partial<FetchNode> = {}): FetchNode => ({
  kind: 'Fetch',
  serviceName: 's',
  operation,
  operationName: undefined,
  operationKind: OperationTypeNode.QUERY,
  ...more,
});

describe('providedKeys', () => {
  it('are the response keys of root fields', () => {
    expect([...providedKeys(fetchNode('{ a b: c { d } ... { e } }'))]).toEqual(['a', 'b', 'e']);
  });

  it('are those of entities, of every type, through fragments', () => {
    const operation = `query($r: [_Any!]!) { _entities(representations: $r) { ...F ... on B { c: d } } }
      fragment F on A { a { x } b }`;

    expect([...providedKeys(fetchNode(operation, { requires: [] }))]).toEqual(['a', 'b', 'c']);
  });

  it('are what the client calls them', () => {
    const outputRewrites = [
      { kind: 'KeyRenamer' as const, path: ['... on A', 'n__alias_0'], renameKeyTo: 'n' },
    ];

    expect([...providedKeys(fetchNode('{ n__alias_0: n m }', { outputRewrites }))]).toEqual(['n', 'm']);
  });
});
