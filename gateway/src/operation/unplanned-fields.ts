import type { QueryPlan } from '@apollo/query-planner';
import {
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionNode,
} from 'graphql';
import { coverageOf, supergraphTypes, type Coverage, type PlanSchemas } from './plan-coverage.ts';

/**
 * Finds what a plan forgot: fields that the operation asks for and that no fetch brings, for some type that an object in their place can
 * have. Without this such a field would be null, without an error. Conditions are taken to hold.
 * @param document the operation that was planned, and its fragments.
 * @returns paths of response keys.
 */
export function unplannedFields(schemas: PlanSchemas, document: DocumentNode, plan: QueryPlan): string[] {
  const { supergraphSchema: schema } = schemas;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const found = new Set<string>();
  const look = (
    selections: readonly SelectionNode[],
    parent: string,
    types: ReadonlySet<string>,
    coverage: Coverage,
    path: string,
  ): void => {
    if (types.size === 0) return;
    for (const selection of selections) {
      if (isNeverIncluded(selection)) continue;
      if (selection.kind !== Kind.FIELD) {
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        if (fragment === undefined) continue;
        const condition = fragment.typeCondition?.name.value ?? parent;
        const narrowed = intersection(types, supergraphTypes(schema, condition));
        look(fragment.selectionSet.selections, condition, narrowed, coverage, path);
        continue;
      }
      const name = selection.name.value;
      if (name.startsWith('__')) continue;
      const key = selection.alias?.value ?? name;
      const here = path === '' ? key : `${path}.${key}`;
      const covered = coverage.fields.get(key);
      if (covered === undefined || [...types].some((type) => !covered.holders.has(type))) {
        found.add(here);
        continue;
      }
      const type = schema.getType(parent);
      const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
      const value = field === undefined ? undefined : getNamedType(field.type);
      if (value === undefined || !isCompositeType(value) || selection.selectionSet === undefined) continue;
      const possible = new Set([...types].flatMap((holder) => [...(covered.holders.get(holder) ?? [])]));
      const values = intersection(supergraphTypes(schema, value.name), possible);
      look(selection.selectionSet.selections, value.name, values, covered.within, here);
    }
  };
  const coverage = coverageOf(schemas, plan);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const root = schema.getRootType(definition.operation)?.name;
    if (root !== undefined) look(definition.selectionSet.selections, root, new Set([root]), coverage, '');
  }
  return [...found];
}

function isNeverIncluded({ directives = [] }: SelectionNode): boolean {
  return directives.some(
    (directive) =>
      (directive.name.value === GraphQLSkipDirective.name && isLiteral(directive, true)) ||
      (directive.name.value === GraphQLIncludeDirective.name && isLiteral(directive, false)),
  );
}

function isLiteral({ arguments: values = [] }: DirectiveNode, literal: boolean): boolean {
  return values.some(({ value }) => value.kind === Kind.BOOLEAN && value.value === literal);
}

function intersection(one: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...one].filter((name) => other.has(name)));
}
