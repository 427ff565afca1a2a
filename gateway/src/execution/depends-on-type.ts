import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type GraphQLAbstractType,
  type GraphQLResolveInfo,
  type SelectionNode,
} from 'graphql';
import { isMarker } from './incremental/marker.ts';

type Selecting = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

/** Whether what is selected of an object of an abstract type is not the same for all its types. */
export function dependsOnType(
  { fieldNodes, fragments, variableValues }: Selecting,
  { name }: GraphQLAbstractType,
): boolean {
  const narrows = (selections: readonly SelectionNode[]): boolean =>
    selections.some((selection) => {
      if (!isIncluded(selection, variableValues)) return false;
      if (selection.kind === Kind.FIELD) return selection.name.value === '__typename' && !isMarker(selection);
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
      const condition = fragment?.typeCondition?.name.value ?? name;
      return condition !== name || narrows(fragment?.selectionSet.selections ?? []);
    });
  return fieldNodes.some(({ selectionSet }) => narrows(selectionSet?.selections ?? []));
}

function isIncluded(selection: SelectionNode, variableValues: Selecting['variableValues']): boolean {
  return (
    getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.['if'] !== true &&
    getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.['if'] !== false
  );
}
