import type { FetchNode } from '@apollo/query-planner';
import { Kind, type SelectionNode, type SelectionSetNode } from 'graphql';
import { fetchDocument, type FetchDocument } from '../operation/fetch-document.ts';
import type { ConcretePath } from './target.ts';

/**
 * Whether a path of a subgraph's error names a place of what the subgraph was asked for: at each step a field by its response key, list indexes left out. A
 * path that does not is the subgraph's own business, and may hold anything.
 */
export function isPathInFetch(node: FetchNode, path: ConcretePath): boolean {
  const document = fetchDocument(node);
  let within: readonly SelectionSetNode[] = [document.operation.selectionSet];
  for (const step of path) {
    if (typeof step === 'number') continue;
    const found = within.flatMap((set) => fieldsOf(document, set.selections, step));
    if (found.length === 0) return false;
    within = found.flatMap(({ selectionSet }) => selectionSet ?? []);
  }
  return true;
}

function fieldsOf(
  document: FetchDocument,
  selections: readonly SelectionNode[],
  key: string,
): { readonly selectionSet?: SelectionSetNode | undefined }[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD)
      return (selection.alias ?? selection.name).value === key ? [selection] : [];
    const { selectionSet } =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : (document.fragments.find(({ name }) => name.value === selection.name.value) ?? {});
    return fieldsOf(document, selectionSet?.selections ?? [], key);
  });
}
