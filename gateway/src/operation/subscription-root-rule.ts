import {
  GraphQLError,
  Kind,
  SingleFieldSubscriptionsRule,
  specifiedRules,
  type ASTVisitor,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/**
 * A subscription has exactly one root field, whatever its variables are, so `@skip` and `@include` have no place around it (GraphQL,
 * September 2025, section 5.2.4.1). The rule of graphql-js 16 throws on a condition with a variable, and lets a literal one leave
 * nothing to subscribe to.
 */
export function subscriptionRootRule(context: ValidationContext): ASTVisitor {
  const singleField = SingleFieldSubscriptionsRule(context) as {
    OperationDefinition(node: OperationDefinitionNode): void;
  };
  return {
    OperationDefinition(node) {
      if (node.operation !== 'subscription') return;
      const conditional = conditionalRootSelection(context, node.selectionSet, new Set());
      if (conditional === undefined) singleField.OperationDefinition(node);
      else
        context.reportError(
          new GraphQLError('A subscription has one root field: @skip and @include cannot be used on it.', {
            nodes: conditional,
          }),
        );
    },
  };
}

/** The rules that documents are validated by. */
export const validationRules: readonly ValidationRule[] = specifiedRules.map((rule) =>
  rule === SingleFieldSubscriptionsRule ? subscriptionRootRule : rule,
);

function conditionalRootSelection(
  context: ValidationContext,
  { selections }: SelectionSetNode,
  visited: Set<string>,
): SelectionNode | undefined {
  for (const selection of selections) {
    const conditional = selection.directives?.some(
      ({ name }) => name.value === 'skip' || name.value === 'include',
    );
    if (conditional === true) return selection;
    const inner = innerSelections(context, selection, visited);
    const found = inner && conditionalRootSelection(context, inner, visited);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The selections that a fragment brings to the root. Each named one is looked at once: here they may still form a cycle. */
function innerSelections(
  context: ValidationContext,
  selection: SelectionNode,
  visited: Set<string>,
): SelectionSetNode | undefined {
  switch (selection.kind) {
    case Kind.FIELD:
      return undefined;
    case Kind.INLINE_FRAGMENT:
      return selection.selectionSet;
    case Kind.FRAGMENT_SPREAD: {
      const name = selection.name.value;
      if (visited.has(name)) return undefined;
      visited.add(name);
      return context.getFragment(name)?.selectionSet;
    }
  }
}
