import type { FetchNode } from '@apollo/query-planner';
import { Kind, parse, type FragmentDefinitionNode, type OperationDefinitionNode } from 'graphql';

/** The operation of a fetch, parsed. */
export interface FetchDocument {
  readonly operation: OperationDefinitionNode;
  readonly fragments: readonly FragmentDefinitionNode[];
}

const parsed = new WeakMap<FetchNode, FetchDocument>();

/** Parses the operation of a fetch, once. */
export function fetchDocument(node: FetchNode): FetchDocument {
  let document = parsed.get(node);
  if (document === undefined) parsed.set(node, (document = parseOperation(node)));
  return document;
}

function parseOperation(node: FetchNode): FetchDocument {
  const { definitions } = parse(node.operation, { noLocation: true });
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error('the plan has a fetch without an operation');
  return {
    operation,
    fragments: definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION),
  };
}
