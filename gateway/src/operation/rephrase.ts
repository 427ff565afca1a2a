import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { supergraphTypes } from './plan-check/possible-types.ts';
import { isIncluded, type ConditionValues } from './selection-conditions.ts';

/**
 * Asks for the type of an object. The planner forgets a field whose selections can hold of no type that its subgraph knows; with this selection there is one
 * that always does. Under its own name the planner would take it for one that others bring along.
 */
const anchor: FieldNode = {
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: '__typename__anchor' },
  name: { kind: Kind.NAME, value: '__typename' },
};

/**
 * Says the same operation in other words, for a planner that did not understand it: without named fragments, without selections that are never included,
 * with the type of each object, and with fragments on abstract types replaced by one for each type.
 * @param values of variables that are decided; conditions on others stay.
 */
export function rephrase(
  schema: GraphQLSchema,
  document: DocumentNode,
  values: ConditionValues,
): DocumentNode {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const phrase = (
    { selections }: SelectionSetNode,
    parent: string,
    types: ReadonlySet<string>,
  ): SelectionNode[] =>
    selections.flatMap((selection): SelectionNode[] => {
      if (!isIncluded(selection, values)) return [];
      const directives = undecided(selection.directives, values);
      if (selection.kind === Kind.FIELD) {
        const value = valueType(schema, parent, selection.name.value);
        if (selection.selectionSet === undefined || value === undefined)
          return [{ ...selection, directives }];
        const within = phrase(selection.selectionSet, value, supergraphTypes(schema, value));
        return [{ ...selection, directives, selectionSet: setOf([...within, anchor]) }];
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (fragment === undefined) return [];
      const condition = fragment.typeCondition?.name.value ?? parent;
      const conditional = supergraphTypes(schema, condition);
      const narrowed = [...types].filter((type) => conditional.has(type));
      const on = (type: string, possible: ReadonlySet<string>): SelectionNode[] => {
        const inner = phrase(fragment.selectionSet, type, possible);
        if (inner.length === 0) return [];
        const typeCondition = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } } as const;
        return [{ kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet: setOf(inner) }];
      };
      if (condition === parent) return on(parent, types);
      return narrowed.flatMap((type) => on(type, new Set([type])));
    });
  const definitions = document.definitions.flatMap((definition): OperationDefinitionNode[] => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    const root = schema.getRootType(definition.operation)?.name ?? '';
    const selections = phrase(definition.selectionSet, root, new Set([root]));
    return [{ ...definition, selectionSet: setOf(selections.length > 0 ? selections : [anchor]) }];
  });
  return { ...document, definitions };
}

/**
 * The same operation without what literal conditions exclude. The planner forgets some of them where a field comes from another subgraph, and an error of a
 * field that the client excluded would be told.
 */
export function withoutExcluded(document: DocumentNode): DocumentNode {
  const none: ConditionValues = new Map();
  const decide = <T extends SelectionNode>(selection: T): T | null | undefined => {
    if (!isIncluded(selection, none)) return null;
    const directives = undecided(selection.directives, none);
    return directives.length === (selection.directives?.length ?? 0)
      ? undefined
      : { ...selection, directives };
  };
  return visit(document, {
    Field: decide,
    InlineFragment: decide,
    FragmentSpread: decide,
    SelectionSet: { leave: (set) => (set.selections.length > 0 ? undefined : setOf([anchor])) },
  });
}

function undecided(
  directives: readonly DirectiveNode[] = [],
  values: ConditionValues,
): readonly DirectiveNode[] {
  return directives.filter(({ name, arguments: given = [] }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true;
    return given.some(({ value }) => value.kind === Kind.VARIABLE && !values.has(value.name.value));
  });
}

function valueType(schema: GraphQLSchema, parent: string, field: string): string | undefined {
  const type = schema.getType(parent);
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
  const definition = type.getFields()[field];
  const named = definition === undefined ? undefined : getNamedType(definition.type);
  return isCompositeType(named) || isAbstractType(named) ? named.name : undefined;
}

function setOf(selections: readonly SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections };
}
