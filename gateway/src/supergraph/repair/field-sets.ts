import {
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** A type of a supergraph that has fields. */
export type FieldedType = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

export function isFielded(definition: { readonly kind: Kind }): definition is FieldedType {
  return (
    definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION
  );
}

/** Reads a field set (Federation's `FieldSet` scalar), which may be wrapped in braces. */
export function parseFieldSet(text: string): SelectionSetNode {
  const [definition] = parse(/^\s*\{/.test(text) ? text : `{${text}}`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`not a field set: ${text}`);
  return definition.selectionSet;
}

/** Writes a field set as supergraphs have it, without braces. */
export function printFieldSet(selectionSet: SelectionSetNode): string {
  return stripIgnoredCharacters(print(selectionSet)).slice(1, -1);
}

/** The value of a directive's argument. */
export function argumentOf(directive: ConstDirectiveNode, name: string): ConstValueNode | undefined {
  return directive.arguments?.find((argument) => argument.name.value === name)?.value;
}

/** The text of an argument that is a string or an enum value. */
export function textOf(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = argumentOf(directive, name);
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}

/** Applications of a directive of the join specification on a type or field. */
export function joinsOf(
  node: FieldedType | FieldDefinitionNode,
  name: 'type' | 'field',
): ConstDirectiveNode[] {
  return (node.directives ?? []).filter((directive) => directive.name.value === `join__${name}`);
}

/** The names of all fields that keys, requirements and context selections of a supergraph hold. */
export function fieldSetNames(document: DocumentNode): Set<string> {
  const names = new Set<string>();
  const note = (text: string | undefined): void => {
    if (text === undefined) return;
    // The selection of a context may have several parts, each with a type condition of its own.
    visit(parseFieldSet(text), { Field: ({ name }) => void names.add(name.value) });
  };
  for (const definition of document.definitions) {
    if (!isFielded(definition)) continue;
    for (const join of joinsOf(definition, 'type')) note(textOf(join, 'key'));
    for (const field of definition.fields ?? []) {
      for (const join of joinsOf(field, 'field')) {
        note(textOf(join, 'requires'));
        for (const selection of contextSelections(join)) note(selection);
      }
    }
  }
  return names;
}

/** The names of all fields that some subgraph has on an interface object. */
export function interfaceObjectFields(document: DocumentNode): Set<string> {
  const names = new Set<string>();
  for (const definition of document.definitions) {
    if (!isFielded(definition)) continue;
    const graphs = joinsOf(definition, 'type').flatMap((join) => {
      const isObject = argumentOf(join, 'isInterfaceObject');
      return isObject?.kind === Kind.BOOLEAN && isObject.value ? [textOf(join, 'graph')] : [];
    });
    if (graphs.length === 0) continue;
    for (const field of definition.fields ?? []) {
      const joins = joinsOf(field, 'field');
      if (joins.length === 0 || joins.some((join) => graphs.includes(textOf(join, 'graph'))))
        names.add(field.name.value);
    }
  }
  return names;
}

/** The labels of all progressive overrides, each with the names of the fields that it moves. */
export function overrideLabelsOf(document: DocumentNode): Map<string, Set<string>> {
  const labels = new Map<string, Set<string>>();
  for (const definition of document.definitions) {
    if (!isFielded(definition)) continue;
    for (const field of definition.fields ?? []) {
      for (const join of joinsOf(field, 'field')) {
        const label = textOf(join, 'overrideLabel');
        if (label !== undefined)
          labels.set(label, (labels.get(label) ?? new Set<string>()).add(field.name.value));
      }
    }
  }
  return labels;
}

function contextSelections(join: ConstDirectiveNode): string[] {
  const list = argumentOf(join, 'contextArguments');
  if (list?.kind !== Kind.LIST) return [];
  return list.values.flatMap((item) =>
    item.kind !== Kind.OBJECT
      ? []
      : item.fields.flatMap(({ name, value }) =>
          name.value === 'selection' && value.kind === Kind.STRING ? [value.value] : [],
        ),
  );
}
