import type { FetchNode } from '@apollo/query-planner';
import { Kind, type SelectionNode } from 'graphql';
import { fetchDocument } from '../operation/fetch-document.ts';

const known = new WeakMap<FetchNode, ReadonlySet<string>>();

/**
 * The response keys that a fetch adds to its targets. When the fetch fails, these are the fields to blame it on.
 */
export function providedKeys(node: FetchNode): ReadonlySet<string> {
  let keys = known.get(node);
  if (keys === undefined) {
    keys = readKeys(node);
    known.set(node, keys);
  }
  return keys;
}

function readKeys(node: FetchNode): ReadonlySet<string> {
  const { operation, fragments } = fetchDocument(node);
  const renamed = renamedKeys(node);
  const keys = new Set<string>();
  const collect = (selections: readonly SelectionNode[]): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        keys.add(renamed.get(key) ?? key);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet.selections);
      else {
        const fragment = fragments.find(({ name }) => name.value === selection.name.value);
        collect(fragment?.selectionSet.selections ?? []);
      }
    }
  };
  for (const selection of operation.selectionSet.selections) {
    const entities = node.requires !== undefined && selection.kind === Kind.FIELD;
    collect(entities ? (selection.selectionSet?.selections ?? []) : [selection]);
  }
  return keys;
}

/** Response keys that the planner renamed in the subgraph's operation to what they are in the client's. */
export function renamedKeys(node: FetchNode): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  for (const rewrite of node.outputRewrites ?? []) {
    const key = rewrite.path.at(-1);
    if (rewrite.kind === 'KeyRenamer' && key !== undefined) renamed.set(key, rewrite.renameKeyTo);
  }
  return renamed;
}
