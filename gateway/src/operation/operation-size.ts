import {
  GraphQLError,
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** More selections than any client needs; twenty fragments that each spread the next one twice are a million. */
const maxSelections = 10_000;

/**
 * Refuses an operation that is small as a text and huge when its fragments are spread, before the planner spreads them.
 * @param document valid, so without cycles of fragments.
 * @throws GraphQLError OPERATION_TOO_LARGE.
 */
export function assertPlannable(document: DocumentNode, operation: OperationDefinitionNode): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  // Each fragment is counted once, however often it is spread.
  const counted = new Map<string, number>();
  const count = ({ selections }: SelectionSetNode): number => {
    let total = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) total += countFragment(selection.name.value);
      else total += 1 + (selection.selectionSet === undefined ? 0 : count(selection.selectionSet));
    }
    return total;
  };
  const countFragment = (name: string): number => {
    const known = counted.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    const total = fragment === undefined ? 0 : count(fragment.selectionSet);
    counted.set(name, total);
    return total;
  };
  if (count(operation.selectionSet) > maxSelections) throw operationTooLarge();
}

export function operationTooLarge(): GraphQLError {
  return new GraphQLError('The operation is too large or too deeply nested.', {
    extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } },
  });
}
